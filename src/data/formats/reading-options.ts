import type { PictureSize } from "../../files/picture.ts";

/** How a data file is to be read, where what it holds does not say: the keys of `data.dataset`, and the part behind a `#`. */
export interface ReadingOptions {
  /** Which part of a file that holds several: `train` takes x_train and y_train. */
  readonly part?: string | undefined;
  /** The column or array of the labels. */
  readonly label?: string | undefined;
  /** The array of the images. */
  readonly images?: string | undefined;
  /** The axes of the images in their order, one letter each: n images of d values, or of c colours, h rows and w columns. */
  readonly layout?: string | undefined;
  /** What becomes byte 0 and byte 255; what lies between is rounded. */
  readonly range?: readonly [from: number, to: number] | undefined;
  /** What pictures of a folder are brought to, by area average. */
  readonly resize?: PictureSize | undefined;
}

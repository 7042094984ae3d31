/** What every reader of this folder keeps to: more than any dataset that fits in memory needs, less than would hurt. */
export const limits = {
  /** Bytes of a file. */
  fileBytes: 2 ** 31 - 1,
  /** Bytes of what a compressed file or member holds. */
  unpackedBytes: 2 ** 31 - 1,
  /** What is packed may unpack to so many bytes whatever its own length, and above them to at most `ratio` a byte. */
  freeBytes: 2 ** 26,
  /** Photographs pack to a half, drawings as doubles to a sixtieth; deflate packs a bomb to a thousandth. */
  ratio: 100,
  images: 50_000_000,
  /** Values of one image: 1024 x 1024 in one colour. */
  imageValues: 2 ** 20,
  /** Pixels of a picture that is made smaller. */
  photoPixels: 2 ** 26,
  /** Bytes of a picture's file. */
  pictureBytes: 2 ** 26,
  /** Pixels of a picture to one side. */
  side: 2 ** 16,
  /** A label is one byte. */
  classes: 256,
  /** Axes of an array. */
  axes: 8,
  /** Arrays or other things with a name in one file. */
  names: 1000,
  /** Bytes of a name, a header or a text. */
  nameBytes: 2 ** 16,
  /** Pictures of a folder. */
  pictures: 2_000_000,
  /** Containers inside containers of a pickle. */
  depth: 32,
  /** Values waiting on a pickle's stack. */
  stack: 1_000_000,
  /** Instructions of a pickle: CIFAR-100 takes 350,000. Arrays take few, however large. */
  operations: 2_000_000,
  /** Values that a pickle refers back to. */
  memo: 500_000,
} as const;

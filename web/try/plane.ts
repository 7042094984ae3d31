/** Places of the grid to one side, over bytes 0 to 255. */
export const gridSide = 64;

/** The middle of each place, row by row from the top: [places, 2] bytes. */
export const gridBytes: Uint8Array = Uint8Array.from({ length: 2 * gridSide * gridSide }, (_, at) => {
  const place = at >> 1;
  const index = at % 2 === 0 ? place % gridSide : Math.floor(place / gridSide);
  return Math.min(255, Math.round(((index + 0.5) * 256) / gridSide - 0.5));
});

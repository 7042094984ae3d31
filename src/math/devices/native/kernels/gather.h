// Batches of images. A gather only notes which images are meant; the products that read them make them numbers.

// Bytes of a batch [inner, columns].
exported int panelBytes(int inner, int columns) {
  int64_t matrix = (int64_t)inner * columns * sizeof(REAL), rows = (int64_t)2 * columns * sizeof(uint32_t);
  return sizeof(Batch) + (matrix > rows ? matrix : rows);
}

// Notes images and labels; `rows` has n numbers, and the `nextCount` first of the batch after this one. Until the next gather into the same
// batch its images, scale and shift must stay as they are.
exported void gather(double memory, int part, int parts, uint32_t forward, uint32_t backward, uint32_t labels, uint32_t images,
            uint32_t imageLabels, int dimension, uint32_t rows, int n, uint32_t scale, uint32_t shift, int nextCount) {
  (void)parts, (void)backward;
  if (part > 0) return;
  char *origin = (char *)(uintptr_t)memory;
  Batch *batch = (Batch *)(origin + forward);
  *batch = (Batch){images, scale, shift, dimension, n, nextCount, {0}};
  uint32_t *to = (uint32_t *)(batch + 1);
  const uint32_t *from = (const uint32_t *)(origin + rows);
  const uint8_t *all = (const uint8_t *)(origin + imageLabels);
  REAL *labelled = (REAL *)(origin + labels);
  for (int j = 0; j < n; j++) {
    to[j] = from[j];
    labelled[j] = (REAL)all[from[j]];
  }
  for (int j = 0; j < nextCount; j++) to[n + j] = from[n + j];
}

// A batch from a matrix [inner, columns], and back.
exported void pack(double memory, uint32_t panels, uint32_t b, int inner, int columns) {
  Batch *batch = (Batch *)((char *)(uintptr_t)memory + panels);
  *batch = (Batch){.n = columns};
  __builtin_memcpy(batch + 1, (char *)(uintptr_t)memory + b, (int64_t)inner * columns * sizeof(REAL));
}

exported void unpack(double memory, uint32_t b, uint32_t panels, int inner, int columns) {
  char *origin = (char *)(uintptr_t)memory;
  Source source = sourceOf(origin, 0, panels, columns);
  REAL *matrix = (REAL *)(origin + b);
  for (int64_t f = 0; f < inner; f++) {
    for (int64_t j = 0; j < columns; j++) matrix[f * columns + j] = number(&source, j, f);
  }
}

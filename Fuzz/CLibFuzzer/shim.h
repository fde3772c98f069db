#include <stddef.h>
#include <stdint.h>

/// libFuzzer: tries inputs until it is told to stop, or until one makes the process end.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*test)(const uint8_t *data, size_t size));

#include "CAllocationCount.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_ulong count;

unsigned long allocation_count(void) { return atomic_load_explicit(&count, memory_order_relaxed); }

static void allocated(void) { atomic_fetch_add_explicit(&count, 1, memory_order_relaxed); }

// What glibc calls its own functions, for those who replace them.
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

void *malloc(size_t size) {
  allocated();
  return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
  allocated();
  return __libc_calloc(number, size);
}

void *realloc(void *memory, size_t size) {
  allocated();
  return __libc_realloc(memory, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  allocated();
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
  allocated();
  *memory = __libc_memalign(alignment, size);
  return *memory ? 0 : ENOMEM;
}

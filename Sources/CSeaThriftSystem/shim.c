#define _GNU_SOURCE
#include "CSeaThriftSystem.h"

#ifdef __linux__
#include <pthread.h>
#include <sched.h>
#include <string.h>

int seathrift_usable_processors(void) {
  // More processors than a cpu_set_t has are an error; then the caller's own count stands.
  cpu_set_t set;
  return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
}

void seathrift_name_thread(const char *name) {
  char shortened[16] = {0};
  strncpy(shortened, name, sizeof shortened - 1);
  pthread_setname_np(pthread_self(), shortened);
}
#else
int seathrift_usable_processors(void) { return 0; }
void seathrift_name_thread(const char *name) { (void)name; }
#endif

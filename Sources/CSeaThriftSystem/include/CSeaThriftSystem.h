// What Swift's Glibc module lacks of Linux: epoll, eventfd, accept4, mremap.
#ifndef C_SEATHRIFT_SYSTEM_H
#define C_SEATHRIFT_SYSTEM_H

#include <sys/socket.h>

#ifdef __linux__
#include <sys/epoll.h>
#include <sys/eventfd.h>

// Declared here because <sys/socket.h> hides it without _GNU_SOURCE, and with it fd_set would differ from Glibc's.
int accept4(int socket, struct sockaddr *address, socklen_t *length, int flags);

void *mremap(void *old_address, size_t old_size, size_t new_size, int flags, ...);

// Moves mapped pages onto a mapping at `target`; MAP_FAILED when it cannot. Swift cannot call variadic functions.
static inline void *seathrift_remap(void *old_address, size_t old_size, size_t new_size, void *target) {
  enum { may_move = 1, fixed = 2 };
  return mremap(old_address, old_size, new_size, may_move | fixed, target);
}
#endif

#endif

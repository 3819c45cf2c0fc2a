// What Swift's Glibc module lacks of Linux: epoll, eventfd, accept4, the affinity of the process.
#ifndef C_SEATHRIFT_SYSTEM_H
#define C_SEATHRIFT_SYSTEM_H

#include <sys/socket.h>

#ifdef __linux__
#include <sys/epoll.h>
#include <sys/eventfd.h>

// Declared here because <sys/socket.h> hides it without _GNU_SOURCE, and with it fd_set would differ from Glibc's.
int accept4(int socket, struct sockaddr *address, socklen_t *length, int flags);
#endif

// How many processors the process may run on; 0 when that is not known. The macros that count them are none of Swift's.
int seathrift_usable_processors(void);

// Names the calling thread, for debuggers and `top`; at most 15 bytes of the name count.
void seathrift_name_thread(const char *name);

#endif

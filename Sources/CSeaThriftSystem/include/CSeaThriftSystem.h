// What Swift's Glibc module lacks of Linux: epoll, eventfd, accept4.
#ifndef C_SEATHRIFT_SYSTEM_H
#define C_SEATHRIFT_SYSTEM_H

#include <sys/socket.h>

#ifdef __linux__
#include <sys/epoll.h>
#include <sys/eventfd.h>

// Declared here because <sys/socket.h> hides it without _GNU_SOURCE, and with it fd_set would differ from Glibc's.
int accept4(int socket, struct sockaddr *address, socklen_t *length, int flags);
#endif

#endif

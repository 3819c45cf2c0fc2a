// bench-limit PORT: sends back what it receives, with one epoll loop and nothing else: what the kernel allows a server.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { MOST_EVENTS = 256, BUFFER_BYTES = 1 << 18 };

static int listen_at(int port) {
  int yes = 1;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 1024) != 0) {
    perror("listen");
    exit(1);
  }
  return listener;
}

static void watch(int poller, int descriptor) {
  struct epoll_event event = {.events = EPOLLIN, .data = {.fd = descriptor}};
  epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event);
}

static void greet(int poller, int listener) {
  int yes = 1;
  int connection = accept(listener, NULL, NULL);
  if (connection < 0) return;
  setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  watch(poller, connection);
}

static void answer(int connection) {
  static char buffer[BUFFER_BYTES];
  ssize_t received = recv(connection, buffer, sizeof buffer, 0);
  for (ssize_t sent = 0; sent < received;) {
    ssize_t count = send(connection, buffer + sent, received - sent, MSG_NOSIGNAL);
    if (count < 0) {
      received = -1;
      break;
    }
    sent += count;
  }
  if (received <= 0) close(connection);
}

int main(int count, char **arguments) {
  if (count != 2) {
    fputs("usage: bench-limit PORT\n", stderr);
    return 2;
  }
  int listener = listen_at(atoi(arguments[1]));
  int poller = epoll_create1(0);
  watch(poller, listener);
  struct epoll_event events[MOST_EVENTS];
  for (;;) {
    int ready = epoll_wait(poller, events, MOST_EVENTS, -1);
    for (int index = 0; index < ready; index++) {
      int descriptor = events[index].data.fd;
      if (descriptor == listener) greet(poller, listener);
      else answer(descriptor);
    }
  }
}

// bench-greedy PORT KIND FILE: troubles a server until it is killed, with the frame in FILE.
//   pipeline   one connection that sends frames without end, and takes whatever comes back
//   drip       1,000 connections, each of which sends one byte a second
//   churn      50 connections a second, each of which has one frame answered and is closed
// What the server closes is connected anew.
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { DRIPS = 1000, CHURN_RATE = 50, BATCH_FRAMES = 256, BUFFER_BYTES = 1 << 18 };

static uint8_t frame[1 << 16], buffer[BUFFER_BYTES];
static size_t frame_bytes;
static int port;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void sleep_for(double seconds) {
  struct timespec time = {.tv_sec = (time_t)seconds, .tv_nsec = (long)((seconds - (time_t)seconds) * 1e9)};
  nanosleep(&time, NULL);
}

// A new connection; -1 when the server takes none.
static int connected(int flags) {
  int yes = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  int descriptor = socket(AF_INET, SOCK_STREAM | flags, 0);
  if (descriptor < 0) fail("socket");
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (connect(descriptor, (struct sockaddr *)&address, sizeof address) != 0 && errno != EINPROGRESS) {
    close(descriptor);
    return -1;
  }
  return descriptor;
}

static void pipeline(void) {
  static uint8_t batch[BATCH_FRAMES * sizeof frame];
  for (int index = 0; index < BATCH_FRAMES; index++) memcpy(batch + index * frame_bytes, frame, frame_bytes);
  size_t total = BATCH_FRAMES * frame_bytes;
  while (1) {
    int descriptor = connected(SOCK_NONBLOCK);
    for (size_t sent = 0; descriptor >= 0;) {
      struct pollfd event = {.fd = descriptor, .events = POLLIN | POLLOUT};
      poll(&event, 1, -1);
      if (event.revents & (POLLERR | POLLHUP)) break;
      if (event.revents & POLLIN && recv(descriptor, buffer, sizeof buffer, 0) <= 0) break;
      if (!(event.revents & POLLOUT)) continue;
      ssize_t now = send(descriptor, batch + sent, total - sent, MSG_NOSIGNAL);
      if (now < 0 && errno != EAGAIN) break;
      if (now > 0) sent = (sent + now) % total;
    }
    if (descriptor >= 0) close(descriptor);
    sleep_for(0.01);
  }
}

static void drip(void) {
  static int descriptors[DRIPS];
  static size_t sent[DRIPS];
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  memset(descriptors, -1, sizeof descriptors);
  while (1) {
    for (int index = 0; index < DRIPS; index++) {
      if (descriptors[index] < 0) {
        descriptors[index] = connected(0);
        sent[index] = 0;
      }
      if (descriptors[index] >= 0) {
        uint8_t *next = frame + sent[index]++ % frame_bytes;
        if (send(descriptors[index], next, 1, MSG_NOSIGNAL) < 0 ||
            recv(descriptors[index], buffer, sizeof buffer, MSG_DONTWAIT) == 0) {
          close(descriptors[index]);
          descriptors[index] = -1;
        }
      }
      // A tenth of them at a time, ten times a second.
      if (index % (DRIPS / 10) == DRIPS / 10 - 1) sleep_for(0.1);
    }
  }
}

static void churn(void) {
  while (1) {
    int descriptor = connected(0);
    if (descriptor >= 0) {
      if (send(descriptor, frame, frame_bytes, MSG_NOSIGNAL) > 0) recv(descriptor, buffer, sizeof buffer, 0);
      close(descriptor);
    }
    sleep_for(1.0 / CHURN_RATE);
  }
}

int main(int count, char **arguments) {
  if (count != 4) {
    fputs("usage: bench-greedy PORT pipeline|drip|churn FILE\n", stderr);
    return 2;
  }
  port = atoi(arguments[1]);
  FILE *file = fopen(arguments[3], "rb");
  if (!file) fail(arguments[3]);
  frame_bytes = fread(frame, 1, sizeof frame, file);
  fclose(file);
  if (strcmp(arguments[2], "pipeline") == 0) pipeline();
  if (strcmp(arguments[2], "drip") == 0) drip();
  if (strcmp(arguments[2], "churn") == 0) churn();
  fputs("no such kind\n", stderr);
  return 2;
}

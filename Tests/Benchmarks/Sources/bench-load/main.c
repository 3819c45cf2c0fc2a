// bench-load PORT CONNECTIONS DEPTH SECONDS FILE [IDLE [RATE]]: sends the frame in FILE over each connection, DEPTH of them
// on the way at a time, and counts the frames that come back. Prints how many a second, how many of them were no replies but
// exceptions, and how long a reply took at the median and at the 99th percentile, in microseconds. The first fifth of the
// time does not count. IDLE further connections have had one frame answered each and stay open. With RATE, so many frames a
// second are sent, whatever comes back, as long as a connection has fewer than DEPTH on the way.
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { MOST_EVENTS = 256, BUFFER_BYTES = 1 << 18, MOST_SAMPLES = 1 << 22 };

struct connection {
  int descriptor;
  uint64_t *sent_at;   // When the requests on the way were sent, a ring of `depth`.
  unsigned oldest;     // The one that is answered next.
  uint8_t length[4];   // The length of the frame that is arriving, as far as it is there.
  unsigned have;       // How many bytes of the length are there.
  uint32_t missing;    // How many bytes of the frame are not.
  uint32_t read;       // How many bytes of the frame are.
  int refused;         // Whether the frame is an exception.
  unsigned on_the_way; // How many requests are not answered.
};

// How many frames came back.
struct count {
  uint64_t replies, exceptions;
};

static uint8_t *request;
static size_t request_bytes;
static unsigned depth;
static uint32_t *samples;
static size_t sample_count;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static uint64_t nanoseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + time.tv_nsec;
}

static void read_request(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) fail(path);
  request = malloc(1 << 20);
  request_bytes = fread(request, 1, 1 << 20, file);
  fclose(file);
}

static void connect_to(struct connection *connection, int port) {
  int yes = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  memset(connection, 0, sizeof *connection);
  connection->descriptor = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(connection->descriptor, (struct sockaddr *)&address, sizeof address) != 0) fail("connect");
  setsockopt(connection->descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  connection->sent_at = calloc(depth, sizeof *connection->sent_at);
}

// Sends so many requests at once.
static void ask(struct connection *connection, unsigned count) {
  static uint8_t *batch;
  if (!batch) {
    batch = malloc(request_bytes * depth);
    for (unsigned index = 0; index < depth; index++) memcpy(batch + index * request_bytes, request, request_bytes);
  }
  size_t total = count * request_bytes;
  for (size_t sent = 0; sent < total;) {
    ssize_t now = send(connection->descriptor, batch + sent, total - sent, MSG_NOSIGNAL);
    if (now < 0) fail("send");
    sent += now;
  }
  connection->on_the_way += count;
}

// Takes what has arrived, and returns how many frames ended in it.
static unsigned take(struct connection *connection, const uint8_t *bytes, size_t count, uint64_t now, struct count *counts) {
  unsigned ended = 0;
  while (count > 0) {
    if (connection->missing == 0) {
      connection->length[connection->have++] = *bytes++;
      count--;
      if (connection->have < 4) continue;
      uint32_t length;
      memcpy(&length, connection->length, 4);
      connection->missing = ntohl(length);
      connection->have = connection->read = connection->refused = 0;
      continue;
    }
    size_t part = count < connection->missing ? count : connection->missing;
    // The fourth byte of a message in the strict binary protocol is its type.
    if (connection->read <= 3 && connection->read + part > 3) connection->refused = bytes[3 - connection->read] == 3;
    connection->read += part;
    bytes += part;
    count -= part;
    connection->missing -= part;
    if (connection->missing > 0) continue;
    if (counts && connection->refused) counts->exceptions++;
    if (counts && !connection->refused) {
      counts->replies++;
      if (sample_count < MOST_SAMPLES) samples[sample_count++] = now - connection->sent_at[connection->oldest];
    }
    connection->sent_at[connection->oldest] = now;
    connection->on_the_way--;
    connection->oldest = (connection->oldest + 1) % depth;
    ended++;
  }
  return ended;
}

// Opens connections of which each has one request answered, and then nothing more.
static void open_idle(unsigned count, int port, uint8_t *buffer, size_t size) {
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  for (unsigned index = 0; index < count; index++) {
    struct connection idle;
    connect_to(&idle, port);
    ask(&idle, 1);
    for (unsigned ended = 0; ended == 0;) {
      ssize_t received = recv(idle.descriptor, buffer, size, 0);
      if (received <= 0) fail("receive");
      ended = take(&idle, buffer, received, 0, NULL);
    }
    free(idle.sent_at);
  }
}

static int by_size(const void *left, const void *right) {
  uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
  return a < b ? -1 : a > b;
}

// Sends what is due at a rate, each on the next connection that may have one more on the way.
static void send_due(struct connection *all, unsigned connections, uint64_t *sent, uint64_t due) {
  static unsigned next;
  for (unsigned full = 0; *sent < due && full < connections; next = (next + 1) % connections) {
    struct connection *connection = &all[next];
    if (connection->on_the_way >= depth) {
      full++;
      continue;
    }
    full = 0;
    connection->sent_at[(connection->oldest + connection->on_the_way) % depth] = nanoseconds();
    ask(connection, 1);
    ++*sent;
  }
  // What found no room is not sent later.
  *sent = due;
}

int main(int count, char **arguments) {
  if (count < 6 || count > 8) {
    fputs("usage: bench-load PORT CONNECTIONS DEPTH SECONDS FILE [IDLE [RATE]]\n", stderr);
    return 2;
  }
  unsigned connections = atoi(arguments[2]);
  depth = atoi(arguments[3]);
  read_request(arguments[5]);
  samples = malloc(MOST_SAMPLES * sizeof *samples);
  static uint8_t buffer[BUFFER_BYTES];
  if (count >= 7) open_idle(atoi(arguments[6]), atoi(arguments[1]), buffer, sizeof buffer);
  double rate = count == 8 ? atof(arguments[7]) : 0;
  int poller = epoll_create1(0);
  struct connection *all = calloc(connections, sizeof *all);
  for (unsigned index = 0; index < connections; index++) {
    connect_to(&all[index], atoi(arguments[1]));
    struct epoll_event event = {.events = EPOLLIN, .data = {.ptr = &all[index]}};
    epoll_ctl(poller, EPOLL_CTL_ADD, all[index].descriptor, &event);
  }
  uint64_t start = nanoseconds(), length = atof(arguments[4]) * 1e9, sent = 0;
  for (unsigned index = 0; rate == 0 && index < connections; index++) {
    for (unsigned slot = 0; slot < depth; slot++) all[index].sent_at[slot] = nanoseconds();
    ask(&all[index], depth);
  }
  struct epoll_event events[MOST_EVENTS];
  uint64_t first = start + length / 5, end = start + length, now = start;
  struct count counts = {0, 0};
  while (now < end) {
    if (rate > 0) send_due(all, connections, &sent, (now - start) / 1e9 * rate);
    int ready = epoll_wait(poller, events, MOST_EVENTS, rate > 0 ? 1 : 1000);
    for (int index = 0; index < ready; index++) {
      struct connection *connection = events[index].data.ptr;
      ssize_t received = recv(connection->descriptor, buffer, sizeof buffer, 0);
      if (received <= 0) fail("receive");
      now = nanoseconds();
      unsigned ended = take(connection, buffer, received, now, now >= first ? &counts : NULL);
      if (ended > 0 && rate == 0) ask(connection, ended);
    }
    if (ready <= 0) now = nanoseconds();
  }
  if (sample_count == 0 && counts.exceptions == 0) {
    fputs("no reply came\n", stderr);
    return 1;
  }
  if (sample_count == 0) samples[sample_count++] = 0;
  qsort(samples, sample_count, sizeof *samples, by_size);
  double seconds = (now - first) / 1e9;
  printf(
      "rps=%.0f exceptions=%.0f p50_us=%.1f p99_us=%.1f\n", counts.replies / seconds, counts.exceptions / seconds,
      samples[sample_count / 2] / 1e3, samples[sample_count * 99 / 100] / 1e3);
}

// BenchPeer PORT threaded|nonblocking: serves Bench with Apache Thrift's C++ library, framed and binary.
// BenchPeer PORT THREADS SECONDS client: calls `add` from so many threads, each with a blocking client of its own.
// BenchPeer codec: nanoseconds to write and to read the sample payload in memory, as bench-codec prints them.
#include "gen-cpp/Bench.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <thread>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/server/TNonblockingServer.h>
#include <thrift/server/TThreadedServer.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/TNonblockingServerSocket.h>
#include <thrift/transport/TServerSocket.h>
#include <thrift/transport/TSocket.h>

using namespace apache::thrift;
using Binary = protocol::TBinaryProtocolT<transport::TMemoryBuffer>;
using Compact = protocol::TCompactProtocolT<transport::TMemoryBuffer>;

class Handler : public BenchIf {
public:
  void ping() override {}
  int32_t add(const int32_t a, const int32_t b) override { return a + b; }
  void echo(Payload &result, const Payload &p) override { result = p; }
};

static Payload sample() {
  Payload payload;
  payload.id = 1;
  payload.title = "hello world, this is a title";
  payload.blob.assign(128, 'x');
  for (int index = 0; index < 10; index++) {
    Item item;
    item.id = index;
    item.name = "item-name-" + std::to_string(index);
    item.score = index * 1.5;
    item.active = index % 2 == 1;
    payload.items.push_back(item);
  }
  for (int index = 0; index < 5; index++) payload.counts["key" + std::to_string(index)] = index;
  return payload;
}

template <class Body> static long nanoseconds(Body body) {
  const int rounds = 200000;
  double best = 1e18;
  for (int repeat = 0; repeat < 5; repeat++) {
    auto start = std::chrono::steady_clock::now();
    for (int round = 0; round < rounds; round++) body();
    std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
    best = std::min(best, took.count() / rounds);
  }
  return best;
}

template <class Codec> static void measure_codec(const char *name) {
  Payload payload = sample();
  auto memory = std::make_shared<transport::TMemoryBuffer>();
  Codec writer(memory);
  long write = nanoseconds([&] { memory->resetBuffer(), payload.write(&writer); });
  uint8_t *bytes;
  uint32_t count;
  memory->getBuffer(&bytes, &count);
  // A buffer counts what is read from it in all, and refuses more than a message may have: hence a new one each time.
  long read = nanoseconds([&] {
    Payload copy;
    Codec reader(std::make_shared<transport::TMemoryBuffer>(bytes, count, transport::TMemoryBuffer::OBSERVE));
    copy.read(&reader);
  });
  printf("codec %s bytes=%u write_ns=%ld read_ns=%ld\n", name, count, write, read);
}

static void measure_client(int port, int threads, double seconds) {
  auto start = std::chrono::steady_clock::now();
  auto end = start + std::chrono::duration<double>(seconds);
  std::atomic<long> calls{0};
  std::vector<std::thread> callers;
  for (int index = 0; index < threads; index++) {
    callers.emplace_back([&] {
      auto transport = std::make_shared<transport::TFramedTransport>(
          std::make_shared<transport::TSocket>("127.0.0.1", port));
      BenchClient client(std::make_shared<protocol::TBinaryProtocolT<transport::TFramedTransport>>(transport));
      transport->open();
      long count = 0;
      while (std::chrono::steady_clock::now() < end) {
        if (client.add(3, 4) != 7) abort();
        count++;
      }
      calls += count;
    });
  }
  for (auto &caller : callers) caller.join();
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  printf("callers=%d add rps=%ld\n", threads, (long)(calls / took.count()));
}

int main(int count, char **arguments) {
  std::string mode = arguments[count - 1];
  if (mode == "codec") return measure_codec<Binary>("binary"), measure_codec<Compact>("compact"), 0;
  int port = atoi(arguments[1]);
  if (mode == "client") return measure_client(port, atoi(arguments[2]), atof(arguments[3])), 0;
  auto processor = std::make_shared<BenchProcessor>(std::make_shared<Handler>());
  auto protocol = std::make_shared<protocol::TBinaryProtocolFactoryT<transport::TFramedTransport>>();
  if (mode == "threaded") {
    auto socket = std::make_shared<transport::TServerSocket>("127.0.0.1", port);
    server::TThreadedServer(processor, socket, std::make_shared<transport::TFramedTransportFactory>(), protocol).serve();
  } else {
    auto plain = std::make_shared<protocol::TBinaryProtocolFactory>();
    server::TNonblockingServer(processor, plain, std::make_shared<transport::TNonblockingServerSocket>(port)).serve();
  }
}

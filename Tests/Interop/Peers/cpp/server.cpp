// A herbarium on Apache Thrift for C++: prints `listening PORT` or `listening PATH`, and ends when its standard input is
// closed.
#include <thrift/processor/TMultiplexedProcessor.h>
#include <thrift/server/TNonblockingServer.h>
#include <thrift/server/TThreadedServer.h>
#include <thrift/transport/TNonblockingServerSocket.h>
#include <thrift/transport/TServerSocket.h>
#include <unistd.h>

#include <functional>

#include "Archive.h"
#include "handler.h"
#include "wire.h"

using namespace wire;
using namespace apache::thrift::server;

/// Tells where the server listens as soon as it does.
class Announcement : public TServerEventHandler {
 public:
  explicit Announcement(std::function<std::string()> place) : place(std::move(place)) {}
  void preServe() override { std::cout << "listening " << place() << std::endl; }

 private:
  std::function<std::string()> place;
};

static std::shared_ptr<TProcessor> processor(const Options& options) {
  const auto handler = std::make_shared<Handler>();
  const auto herbarium = std::make_shared<plants::HerbariumProcessor>(handler);
  if (!options.multiplexed) return herbarium;
  const auto multiplexed = std::make_shared<TMultiplexedProcessor>();
  multiplexed->registerProcessor("Herbarium", herbarium);
  multiplexed->registerProcessor("Archive", std::make_shared<plants::ArchiveProcessor>(handler));
  return multiplexed;
}

static void serveThreaded(const Options& options) {
  const bool isUnix = !options.path().empty();
  const auto socket = isUnix ? std::make_shared<TServerSocket>(options.path())
                             : std::make_shared<TServerSocket>(options.address, 0);
  TThreadedServer server(processor(options), socket, options.transportFactory(), options.protocolFactory());
  server.setServerEventHandler(std::make_shared<Announcement>(
      [=] { return isUnix ? options.path() : std::to_string(socket->getPort()); }));
  server.serve();
}

/// One thread for all connections, which must be framed.
static void serveNonblocking(const Options& options) {
  const bool isUnix = !options.path().empty();
  const auto socket = isUnix ? std::make_shared<TNonblockingServerSocket>(options.path())
                             : std::make_shared<TNonblockingServerSocket>(options.address, 0);
  TNonblockingServer server(processor(options), options.protocolFactory(), socket);
  server.setServerEventHandler(std::make_shared<Announcement>(
      [=] { return isUnix ? options.path() : std::to_string(socket->getListenPort()); }));
  server.serve();
}

int main(int count, char** words) {
  const Options options = Options::read(count, words, "--listen");
  GlobalOutput.setOutputFunction([](const char*) {});
  std::thread([] {
    char bytes[256];
    while (read(STDIN_FILENO, bytes, sizeof bytes) > 0) {
    }
    _exit(0);
  }).detach();
  try {
    options.server == "nonblocking" ? serveNonblocking(options) : serveThreaded(options);
  } catch (const std::exception& error) {
    std::cerr << "cannot serve: " << error.what() << std::endl;
    return 2;
  }
}

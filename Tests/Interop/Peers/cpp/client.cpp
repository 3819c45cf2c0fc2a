// Calls every method of a herbarium and compares; exit status 0 when everything was right, 1 when not, 2 when it could
// not run.
#include <thrift/TApplicationException.h>
#include <thrift/TToString.h>
#include <thrift/protocol/TMultiplexedProtocol.h>
#include <thrift/transport/TSocket.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <sstream>

#include "Conservatory.h"
#include "OtherArchive.h"
#include "checks.h"
#include "samples.h"
#include "wire.h"

using namespace wire;

static std::shared_ptr<TSocket> connect(const Options& options) {
  std::shared_ptr<TSocket> socket;
  if (!options.path().empty()) {
    socket = std::make_shared<TSocket>(options.path());
  } else {
    const size_t colon = options.address.rfind(':');
    std::string host = options.address.substr(0, colon);
    if (host.front() == '[') host = host.substr(1, host.size() - 2);
    socket = std::make_shared<TSocket>(host, std::stoi(options.address.substr(colon + 1)));
  }
  socket->setConnTimeout(10000);
  socket->setRecvTimeout(10000);
  socket->setSendTimeout(10000);
  return socket;
}

int main(int count, char** words) {
  const Options options = Options::read(count, words, "--connect");
  GlobalOutput.setOutputFunction([](const char*) {});
  try {
    const auto transport = options.clientTransport(connect(options));
    const auto protocol = options.protocolFactory()->getProtocol(transport);
    const auto service = [&](const std::string& name) -> std::shared_ptr<TProtocol> {
      if (!options.multiplexed) return protocol;
      return std::make_shared<TMultiplexedProtocol>(protocol, name);
    };
    transport->open();
    Checks checks(service("Herbarium"), service("Archive"));
    checks.keepsNul = options.protocol != "json";
    const int failures = checks.run();
    transport->close();
    return failures == 0 ? 0 : 1;
  } catch (const std::exception& error) {
    std::cout << "could not run: " << error.what() << std::endl;
    return 2;
  }
}

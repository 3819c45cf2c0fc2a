// What server and client share: flags, addresses, protocols.
#pragma once

#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/protocol/THeaderProtocol.h>
#include <thrift/protocol/TJSONProtocol.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/THttpClient.h>
#include <thrift/transport/THttpServer.h>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>

namespace wire {

using namespace apache::thrift;
using namespace apache::thrift::protocol;
using namespace apache::thrift::transport;

struct Options {
  std::string address;
  std::string transport;
  std::string protocol = "binary";
  std::string server = "threaded";
  bool multiplexed = false;

  /// The path, when the address is a unix socket.
  std::string path() const { return address.rfind("unix:", 0) == 0 ? address.substr(5) : std::string(); }

  /// Reads `--name value` pairs; exits with status 64 when one makes no sense.
  static Options read(int count, char** words, const std::string& addressFlag) {
    Options options;
    for (int i = 1; i < count; i++) {
      const std::string word = words[i];
      if (word == "--multiplexed") {
        options.multiplexed = true;
        continue;
      }
      std::string* value = word == addressFlag      ? &options.address
                           : word == "--transport" ? &options.transport
                           : word == "--protocol"  ? &options.protocol
                           : word == "--server"    ? &options.server
                                                   : nullptr;
      if (value == nullptr || i + 1 == count) refuse(word);
      *value = words[++i];
    }
    if (options.address.empty()) refuse(addressFlag);
    const std::string transport = options.transport;
    if (transport != "framed" && transport != "buffered" && transport != "http") refuse("--transport");
    for (const char* known : {"binary", "old", "compact", "json", "header"})
      if (options.protocol == known) return options;
    refuse("--protocol");
  }

  std::shared_ptr<TTransportFactory> transportFactory() const {
    if (transport == "http") return std::make_shared<THttpServerTransportFactory>();
    if (transport == "framed") return std::make_shared<TFramedTransportFactory>();
    return std::make_shared<TBufferedTransportFactory>();
  }

  std::shared_ptr<TTransport> clientTransport(const std::shared_ptr<TTransport>& socket) const {
    if (transport == "http") return std::make_shared<THttpClient>(socket, "localhost", "/herbarium");
    return transportFactory()->getTransport(socket);
  }

  /// Strict binary both ways, messages as they were before there was a version in them (`old`), or another protocol.
  std::shared_ptr<TProtocolFactory> protocolFactory() const {
    if (protocol == "compact") return std::make_shared<TCompactProtocolFactory>();
    if (protocol == "header") return std::make_shared<THeaderProtocolFactory>();
    if (protocol == "json") return std::make_shared<TJSONProtocolFactory>();
    const bool strict = protocol == "binary";
    return std::make_shared<TBinaryProtocolFactory>(0, 0, strict, strict);
  }

 private:
  [[noreturn]] static void refuse(const std::string& word) {
    std::cerr << "what does " << word << " mean?" << std::endl;
    std::exit(64);
  }
};

}  // namespace wire

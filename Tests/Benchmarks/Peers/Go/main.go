// The Bench service with Apache Thrift's Go library, framed and binary: PORT.
package main

import (
	"context"
	"os"

	"bench"

	"github.com/apache/thrift/lib/go/thrift"
)

type handler struct{}

func (handler) Ping(context.Context) error                                       { return nil }
func (handler) Add(_ context.Context, a int32, b int32) (int32, error)           { return a + b, nil }
func (handler) Echo(_ context.Context, p *bench.Payload) (*bench.Payload, error) { return p, nil }

func main() {
	configuration := &thrift.TConfiguration{}
	socket, err := thrift.NewTServerSocket("127.0.0.1:" + os.Args[1])
	if err != nil {
		panic(err)
	}
	server := thrift.NewTSimpleServer4(
		bench.NewBenchProcessor(handler{}), socket,
		thrift.NewTFramedTransportFactoryConf(thrift.NewTTransportFactory(), configuration),
		thrift.NewTBinaryProtocolFactoryConf(configuration))
	if err := server.Serve(); err != nil {
		panic(err)
	}
}

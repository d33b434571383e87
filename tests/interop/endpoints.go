// Discovery with etcd's naming packages: the services that `coord register` and `coord discover` share with Go programs.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strings"
	"time"

	"github.com/golang/protobuf/ptypes/wrappers"
	"go.etcd.io/etcd/clientv3"
	"go.etcd.io/etcd/clientv3/naming/endpoints"
	"go.etcd.io/etcd/clientv3/naming/resolver"
	"google.golang.org/grpc"
	gresolver "google.golang.org/grpc/resolver"
	"google.golang.org/grpc/serviceconfig"
)

var endpointsVerbs = map[string]verb{
	"list":    {"SERVICE", endpointsList},
	"add":     {"SERVICE ADDR METADATA", endpointsAdd},
	"hold":    {"SERVICE ADDR", endpointsHold},
	"delete":  {"SERVICE ADDR", endpointsDelete},
	"watch":   {"SERVICE", endpointsWatch},
	"resolve": {"SERVICE", endpointsResolve},
	"call":    {"SERVICE", endpointsCall},
}

// endpointsList prints "KEY ADDR METADATA", a line each, in key order.
func endpointsList(ctx context.Context, c *call) error {
	manager, err := endpoints.NewManager(c.session.Client(), c.words[0])
	if err != nil {
		return err
	}
	all, err := manager.List(ctx)
	if err != nil {
		return err
	}
	lines := []string{}
	for key, endpoint := range all {
		metadata, err := json.Marshal(endpoint.Metadata)
		if err != nil {
			return err
		}
		lines = append(lines, fmt.Sprintf("%s %s %s", key, endpoint.Addr, metadata))
	}
	sort.Strings(lines)
	for _, line := range lines {
		fmt.Println(line)
	}
	return nil
}

func add(ctx context.Context, c *call, metadata interface{}, options ...clientv3.OpOption) error {
	manager, err := endpoints.NewManager(c.session.Client(), c.words[0])
	if err != nil {
		return err
	}
	key, endpoint := c.words[0]+"/"+c.words[1], endpoints.Endpoint{Addr: c.words[1], Metadata: metadata}
	return manager.AddEndpoint(ctx, key, endpoint, options...)
}

// endpointsAdd leaves the entry behind. METADATA is JSON.
func endpointsAdd(ctx context.Context, c *call) error {
	var metadata interface{}
	if err := json.Unmarshal([]byte(c.words[2]), &metadata); err != nil {
		return err
	}
	return add(ctx, c, metadata)
}

// endpointsHold has the entry on the session's lease until stdin ends; prints "added".
func endpointsHold(ctx context.Context, c *call) error {
	if err := add(ctx, c, nil, clientv3.WithLease(c.session.Lease())); err != nil {
		return err
	}
	fmt.Println("added")
	return untilToldOrLost(ctx, c.session)
}

func endpointsDelete(ctx context.Context, c *call) error {
	manager, err := endpoints.NewManager(c.session.Client(), c.words[0])
	if err != nil {
		return err
	}
	return manager.DeleteEndpoint(ctx, c.words[0]+"/"+c.words[1])
}

// endpointsWatch prints "add KEY ADDR" and "delete KEY" until a signal.
func endpointsWatch(ctx context.Context, c *call) error {
	manager, err := endpoints.NewManager(c.session.Client(), c.words[0])
	if err != nil {
		return err
	}
	updates, err := manager.NewWatchChannel(ctx)
	if err != nil {
		return err
	}
	fmt.Println("watching")
	for batch := range updates {
		for _, update := range batch {
			if update.Op == endpoints.Add {
				fmt.Println("add", update.Key, update.Endpoint.Addr)
			} else {
				fmt.Println("delete", update.Key)
			}
		}
	}
	return nil
}

// printing is a gRPC connection as far as a resolver sees it: it prints the addresses that it is told of.
type printing struct{}

func printState(state gresolver.State) {
	addresses := []string{}
	for _, address := range state.Addresses {
		addresses = append(addresses, address.Addr)
	}
	sort.Strings(addresses)
	fmt.Println("resolved", strings.Join(addresses, " "))
}
func (printing) ReportError(err error)                 { fmt.Println("error", err) }
func (printing) NewAddress([]gresolver.Address)        {}
func (printing) NewServiceConfig(serviceConfig string) {}
func (printing) ParseServiceConfig(string) *serviceconfig.ParseResult {
	return &serviceconfig.ParseResult{}
}

// endpointsResolve prints what a client of "etcd:///SERVICE" connects to, until a signal.
func endpointsResolve(ctx context.Context, c *call) error {
	builder, err := resolver.NewBuilder(c.session.Client())
	if err != nil {
		return err
	}
	made, err := builder.Build(targetOf(c.words[0]), printing{}, gresolver.BuildOptions{})
	if err != nil {
		return err
	}
	defer made.Close()
	<-ctx.Done()
	return nil
}

// endpointsCall is a gRPC client of "etcd:///SERVICE", with Go's own round-robin: for each name on stdin it calls a server of
// tests/examples, and prints what that says. Its messages are one string each, as StringValue is.
func endpointsCall(ctx context.Context, c *call) error {
	builder, err := resolver.NewBuilder(c.session.Client())
	if err != nil {
		return err
	}
	connection, err := grpc.DialContext(ctx, "etcd:///"+c.words[0], grpc.WithInsecure(), grpc.WithResolvers(builder),
		grpc.WithDefaultServiceConfig(`{"loadBalancingConfig":[{"round_robin":{}}]}`))
	if err != nil {
		return err
	}
	defer connection.Close()
	names := bufio.NewScanner(os.Stdin)
	for names.Scan() {
		limited, stop := context.WithTimeout(ctx, 20*time.Second)
		reply := &wrappers.StringValue{}
		err := connection.Invoke(limited, "/greeter.Greeter/Greet", &wrappers.StringValue{Value: names.Text()}, reply, grpc.WaitForReady(true))
		stop()
		if err != nil {
			fmt.Println("error", err)
			continue
		}
		fmt.Println(reply.Value)
	}
	return names.Err()
}

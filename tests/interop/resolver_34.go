//go:build !etcd35
// +build !etcd35

// What differs in the gRPC that etcd 3.4's packages are built with: see resolver_35.go.
package main

import gresolver "google.golang.org/grpc/resolver"

func (printing) UpdateState(state gresolver.State) { printState(state) }

func targetOf(service string) gresolver.Target {
	return gresolver.Target{Scheme: "etcd", Endpoint: service}
}

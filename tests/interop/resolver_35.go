//go:build etcd35
// +build etcd35

// What differs in the gRPC that etcd 3.5's packages are built with: see resolver_34.go.
package main

import (
	"net/url"

	gresolver "google.golang.org/grpc/resolver"
)

func (printing) UpdateState(state gresolver.State) error {
	printState(state)
	return nil
}

func targetOf(service string) gresolver.Target {
	return gresolver.Target{URL: url.URL{Scheme: "etcd", Path: "/" + service}}
}

// interop: what programs that use etcd's own Go packages do, as commands. Bats tests run it beside coord, to see that both
// exclude each other and stand in one line.
//
//	interop PRIMITIVE VERB [OPTIONS] WORD…        exit 0: done; 1: etcd's package returned an error; 64: usage
//
// Each primitive is a file with a table of verbs. etcd is at $ETCDCTL_ENDPOINTS. What a test waits for is a line on stdout.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"go.etcd.io/etcd/clientv3"
	"go.etcd.io/etcd/clientv3/concurrency"
)

type verb struct {
	words string // as the usage line shows them; so many are needed
	run   func(context.Context, *call) error
}

// call is one command: its words, and the session that it has in etcd.
type call struct {
	words   []string
	session *concurrency.Session
}

var primitives = map[string]map[string]verb{
	"bench":         benchVerbs,
	"mutex":         mutexVerbs,
	"rwmutex":       rwmutexVerbs,
	"stm":           stmVerbs,
	"election":      electionVerbs,
	"barrier":       barrierVerbs,
	"dbarrier":      doubleBarrierVerbs,
	"endpoints":     endpointsVerbs,
	"queue":         queueVerbs,
	"priorityqueue": priorityQueueVerbs,
}

func main() {
	if err := run(os.Args[1:]); errors.Is(err, errUsage) {
		fmt.Fprintf(os.Stderr, "interop: %v\n", err)
		os.Exit(64)
	} else if err != nil {
		fmt.Fprintf(os.Stderr, "interop: %v\n", err)
		os.Exit(1)
	}
}

var errUsage = errors.New("usage: interop PRIMITIVE VERB [-ttl SECONDS] WORD…")

func run(args []string) error {
	if len(args) < 2 {
		return errUsage
	}
	chosen, known := primitives[args[0]][args[1]]
	if !known {
		return fmt.Errorf("%w: no %s %s", errUsage, args[0], args[1])
	}
	options := flag.NewFlagSet(args[0], flag.ExitOnError)
	ttl := options.Int("ttl", 60, "seconds that the session outlives a program that died")
	options.Parse(args[2:])
	if options.NArg() != len(strings.Fields(chosen.words)) {
		return fmt.Errorf("%w: %s %s %s", errUsage, args[0], args[1], chosen.words)
	}

	client, err := clientv3.New(clientv3.Config{
		Endpoints:   strings.Split(os.Getenv("ETCDCTL_ENDPOINTS"), ","),
		DialTimeout: 5 * time.Second,
	})
	if err != nil {
		return err
	}
	defer client.Close()
	session, err := concurrency.NewSession(client, concurrency.WithTTL(*ttl))
	if err != nil {
		return err
	}
	defer session.Close()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	return chosen.run(ctx, &call{options.Args(), session})
}

// untilToldOrLost returns at the end of stdin, at a signal, or with an error when the session ends before.
func untilToldOrLost(ctx context.Context, session *concurrency.Session) error {
	eof := make(chan struct{})
	go func() {
		io.Copy(io.Discard, os.Stdin)
		close(eof)
	}()
	select {
	case <-eof:
	case <-ctx.Done():
	case <-session.Done():
		return errors.New("the session is lost")
	}
	return nil
}

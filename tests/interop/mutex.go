// concurrency.Mutex: the lock that `coord lock` shares with Go programs.
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"go.etcd.io/etcd/clientv3/concurrency"
)

var mutexVerbs = map[string]verb{
	"hold": {"NAME", mutexHold},
	"loop": {"NAME ROUNDS FILE", mutexLoop},
}

// mutexHold prints "held KEY REVISION" once it holds NAME, and "released" once it gave it back: at the end of stdin, or TERM.
func mutexHold(ctx context.Context, c *call) error {
	mutex := concurrency.NewMutex(c.session, c.words[0])
	if err := mutex.Lock(ctx); err != nil {
		return err
	}
	fmt.Println("held", mutex.Key(), mutex.Header().Revision)
	if err := untilToldOrLost(ctx, c.session); err != nil {
		return err
	}
	if err := mutex.Unlock(context.Background()); err != nil {
		return err
	}
	fmt.Println("released")
	return nil
}

// mutexLoop takes NAME so many times. Each time it appends "enter PID" and, a moment later, "exit PID" to FILE.
func mutexLoop(ctx context.Context, c *call) error {
	rounds, err := strconv.Atoi(c.words[1])
	if err != nil {
		return err
	}
	file, err := os.OpenFile(c.words[2], os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	defer file.Close()
	mutex := concurrency.NewMutex(c.session, c.words[0])
	for i := 0; i < rounds; i++ {
		if err := mutex.Lock(ctx); err != nil {
			return err
		}
		fmt.Fprintln(file, "enter", os.Getpid())
		time.Sleep(2 * time.Millisecond)
		fmt.Fprintln(file, "exit", os.Getpid())
		if err := mutex.Unlock(ctx); err != nil {
			return err
		}
	}
	return nil
}

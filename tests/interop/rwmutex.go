// RWMutex of etcd's recipes: the lock that `coord rwlock` shares with Go programs. It cannot be cancelled: a waiter is killed.
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"

	recipe "go.etcd.io/etcd/contrib/recipes"
)

var rwmutexVerbs = map[string]verb{
	"hold": {"read|write NAME", rwmutexHold},
	"loop": {"read|write NAME ROUNDS COMMAND", rwmutexLoop},
}

// takeRWMutex blocks until it holds NAME, and returns what gives it back.
func takeRWMutex(c *call) (func() error, error) {
	mutex := recipe.NewRWMutex(c.session, c.words[1])
	switch c.words[0] {
	case "read":
		return mutex.RUnlock, mutex.RLock()
	case "write":
		return mutex.Unlock, mutex.Lock()
	}
	return nil, fmt.Errorf("%w: read or write, not %s", errUsage, c.words[0])
}

// rwmutexHold prints "held" once it holds NAME, and "released" once it gave it back: at the end of stdin, or TERM.
func rwmutexHold(ctx context.Context, c *call) error {
	release, err := takeRWMutex(c)
	if err != nil {
		return err
	}
	fmt.Println("held")
	if err := untilToldOrLost(ctx, c.session); err != nil {
		return err
	}
	if err := release(); err != nil {
		return err
	}
	fmt.Println("released")
	return nil
}

// rwmutexLoop takes NAME so many times, and runs COMMAND with a shell while it holds it.
func rwmutexLoop(_ context.Context, c *call) error {
	rounds, err := strconv.Atoi(c.words[2])
	if err != nil {
		return err
	}
	for i := 0; i < rounds; i++ {
		release, err := takeRWMutex(c)
		if err != nil {
			return err
		}
		command := exec.Command("sh", "-c", c.words[3])
		command.Stderr = os.Stderr
		if err := command.Run(); err != nil {
			return err
		}
		if err := release(); err != nil {
			return err
		}
	}
	return nil
}

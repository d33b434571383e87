// The barriers of etcd's experimental recipes: those that `coord barrier` and `coord dbarrier` share with Go programs.
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"go.etcd.io/etcd/clientv3"
	"go.etcd.io/etcd/clientv3/concurrency"
	recipe "go.etcd.io/etcd/contrib/recipes"
	"go.etcd.io/etcd/mvcc/mvccpb"
)

var barrierVerbs = map[string]verb{
	"hold":    {"NAME", barrierHold},
	"release": {"NAME", barrierRelease},
	"wait":    {"NAME", barrierWait},
}

var doubleBarrierVerbs = map[string]verb{
	"meet":     {"NAME COUNT FILE", doubleBarrierMeet},
	"meet-new": {"NAME COUNT FILE", newDoubleBarrierMeet},
	"die":      {"NAME COUNT", doubleBarrierDie},
	"loop":     {"NAME COUNT ROUNDS FILE", doubleBarrierLoop},
}

func barrierHold(ctx context.Context, c *call) error {
	return recipe.NewBarrier(c.session.Client(), c.words[0]).Hold()
}

func barrierRelease(ctx context.Context, c *call) error {
	return recipe.NewBarrier(c.session.Client(), c.words[0]).Release()
}

// barrierWait prints "passed".
func barrierWait(ctx context.Context, c *call) error {
	if err := recipe.NewBarrier(c.session.Client(), c.words[0]).Wait(); err != nil {
		return err
	}
	fmt.Println("passed")
	return nil
}

// party is a double barrier of either kind: that of 3.4, or that of 3.5.6 and later.
type party interface {
	Enter() error
	Leave() error
}

// meet prints "in" once all are here, leaves when FILE is there, and prints "out" once all have left.
func meet(b party, file string) error {
	if err := b.Enter(); err != nil {
		return err
	}
	fmt.Println("in")
	for _, err := os.Stat(file); err != nil; _, err = os.Stat(file) {
		time.Sleep(20 * time.Millisecond)
	}
	if err := b.Leave(); err != nil {
		return err
	}
	fmt.Println("out")
	return nil
}

func doubleBarrierMeet(ctx context.Context, c *call) error {
	count, err := strconv.Atoi(c.words[1])
	if err != nil {
		return err
	}
	return meet(recipe.NewDoubleBarrier(c.session, c.words[0], count), c.words[2])
}

func newDoubleBarrierMeet(ctx context.Context, c *call) error {
	count, err := strconv.Atoi(c.words[1])
	if err != nil {
		return err
	}
	return meet(&newDoubleBarrier{session: c.session, name: c.words[0], count: count}, c.words[2])
}

// doubleBarrierDie makes its key, prints "here" and ends as if killed: without ready, with the key on its lease.
func doubleBarrierDie(ctx context.Context, c *call) error {
	key := fmt.Sprintf("%s/waiters/%v", c.words[0], time.Now().UnixNano())
	if _, err := c.session.Client().Put(ctx, key, "", clientv3.WithLease(c.session.Lease())); err != nil {
		return err
	}
	fmt.Println("here")
	os.Exit(0)
	return nil
}

// doubleBarrierLoop meets so many times on names of their own, NAME-1 and so on, and writes "enter I" and "exit I" to FILE.
func doubleBarrierLoop(ctx context.Context, c *call) error {
	count, err := strconv.Atoi(c.words[1])
	if err != nil {
		return err
	}
	rounds, err := strconv.Atoi(c.words[2])
	if err != nil {
		return err
	}
	file, err := os.OpenFile(c.words[3], os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	defer file.Close()
	for i := 1; i <= rounds; i++ {
		b := recipe.NewDoubleBarrier(c.session, fmt.Sprintf("%s-%d", c.words[0], i), count)
		if err := b.Enter(); err != nil {
			return err
		}
		fmt.Fprintln(file, "enter", i)
		fmt.Fprintln(file, "exit", i)
		if err := b.Leave(); err != nil {
			return err
		}
	}
	return nil
}

// newDoubleBarrier behaves on the wire as the recipe of etcd 3.5.6 and later does, which Debian does not have: it asks
// before it comes, the last one puts ready, everybody else waits for a put of ready that is younger than the own key.
type newDoubleBarrier struct {
	session *concurrency.Session
	name    string
	count   int
	key     string
	created int64
}

func (b *newDoubleBarrier) waiters() ([]string, error) {
	reply, err := b.session.Client().Get(context.TODO(), b.name+"/waiters", clientv3.WithPrefix(),
		clientv3.WithSort(clientv3.SortByCreateRevision, clientv3.SortAscend))
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, kv := range reply.Kvs {
		keys = append(keys, string(kv.Key))
	}
	return keys, nil
}

func (b *newDoubleBarrier) Enter() error {
	client := b.session.Client()
	before, err := b.waiters()
	if err != nil {
		return err
	}
	if len(before) >= b.count {
		return recipe.ErrTooManyClients
	}
	b.key = fmt.Sprintf("%s/waiters/%v", b.name, time.Now().UnixNano())
	put, err := client.Put(context.TODO(), b.key, "", clientv3.WithLease(b.session.Lease()))
	if err != nil {
		return err
	}
	b.created = put.Header.Revision
	all, err := b.waiters()
	if err != nil {
		return err
	}
	if len(all) >= b.count {
		switch at := strings.Join(all[:b.count], "\n"); {
		case all[b.count-1] == b.key:
			_, err := client.Put(context.TODO(), b.name+"/ready", "")
			return err
		case !strings.Contains(at, b.key):
			client.Delete(context.TODO(), b.key)
			return recipe.ErrTooManyClients
		}
	}
	_, err = recipe.WaitEvents(client, b.name+"/ready", b.created, []mvccpb.Event_EventType{mvccpb.PUT})
	return err
}

func (b *newDoubleBarrier) Leave() error {
	client := b.session.Client()
	for {
		all, err := b.waiters()
		if err != nil || len(all) == 0 {
			return err
		}
		isLowest := all[0] == b.key
		if len(all) == 1 && isLowest {
			if _, err := client.Delete(context.TODO(), b.name+"/ready"); err != nil {
				return err
			}
			_, err := client.Delete(context.TODO(), b.key)
			return err
		}
		other := all[0]
		if isLowest {
			other = all[len(all)-1]
		} else if _, err := client.Delete(context.TODO(), b.key); err != nil {
			return err
		}
		reply, err := client.Get(context.TODO(), other)
		if err != nil {
			return err
		}
		if len(reply.Kvs) == 0 {
			continue
		}
		if _, err := recipe.WaitEvents(client, other, reply.Kvs[0].ModRevision, []mvccpb.Event_EventType{mvccpb.DELETE}); err != nil {
			return err
		}
	}
}

// The rows of tests/bench with etcd's own packages: what coord's library is compared with.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/etcd/clientv3"
	"go.etcd.io/etcd/clientv3/concurrency"
	recipe "go.etcd.io/etcd/contrib/recipes"
)

var benchVerbs = map[string]verb{
	"lock-cycle":      {"SECONDS WORKERS NAME", benchRow(lockCycle)},
	"lock-hand-over":  {"SECONDS WORKERS NAME", benchRow(lockHandOver)},
	"elect-hand-over": {"SECONDS WORKERS NAME", benchRow(electHandOver)},
	"queue-put":       {"SECONDS WORKERS NAME", benchRow(queuePut)},
	"queue-drain":     {"SECONDS WORKERS NAME", queueDrain},
	"queue-stdin":     {"NAME", queueStdin},
	"watch-events":    {"SECONDS WORKERS NAME", watchEvents},
}

// worker has a connection and a lease of its own, as a process would.
type worker struct {
	index   int
	name    string
	client  *clientv3.Client
	session *concurrency.Session
}

// one does a thing once; an error means that the time is up.
type one func(context.Context, *worker) error

// benchRow prints how often all workers together did it per second.
func benchRow(do one) func(context.Context, *call) error {
	return func(ctx context.Context, c *call) error {
		seconds, err := strconv.ParseFloat(c.words[0], 64)
		if err != nil {
			return err
		}
		count, err := strconv.Atoi(c.words[1])
		if err != nil {
			return err
		}
		workers, err := newWorkers(c, count)
		if err != nil {
			return err
		}
		span := time.Duration(seconds * float64(time.Second))
		fmt.Printf("%.1f\n", float64(repeat(ctx, span, workers, do))/seconds)
		return nil
	}
}

func newWorkers(c *call, count int) ([]*worker, error) {
	workers := make([]*worker, count)
	for i := range workers {
		var err error
		if workers[i], err = newWorker(c, i, c.words[2]); err != nil {
			return nil, err
		}
	}
	return workers, nil
}

func newWorker(c *call, index int, name string) (*worker, error) {
	client, err := clientv3.New(clientv3.Config{Endpoints: c.session.Client().Endpoints(), DialTimeout: 5 * time.Second})
	if err != nil {
		return nil, err
	}
	session, err := concurrency.NewSession(client, concurrency.WithTTL(30))
	if err != nil {
		return nil, err
	}
	return &worker{index, name, client, session}, nil
}

func repeat(ctx context.Context, span time.Duration, workers []*worker, do one) int64 {
	ctx, stop := context.WithTimeout(ctx, span)
	defer stop()
	var done int64
	var all sync.WaitGroup
	for _, w := range workers {
		all.Add(1)
		go func(w *worker) {
			defer all.Done()
			for ctx.Err() == nil && do(ctx, w) == nil {
				atomic.AddInt64(&done, 1)
			}
		}(w)
	}
	all.Wait()
	return done
}

func lockCycle(ctx context.Context, w *worker) error {
	return takeAndGive(ctx, w, w.name+strconv.Itoa(w.index))
}

func lockHandOver(ctx context.Context, w *worker) error { return takeAndGive(ctx, w, w.name) }

func takeAndGive(ctx context.Context, w *worker, name string) error {
	mutex := concurrency.NewMutex(w.session, name)
	if err := mutex.Lock(ctx); err != nil {
		return err
	}
	return mutex.Unlock(context.Background())
}

func electHandOver(ctx context.Context, w *worker) error {
	election := concurrency.NewElection(w.session, w.name)
	if err := election.Campaign(ctx, "me"); err != nil {
		return err
	}
	return election.Resign(context.Background())
}

func queuePut(_ context.Context, w *worker) error {
	return recipe.NewQueue(w.client, w.name).Enqueue("item")
}

const drained = 1000 // items

// queueDrain prints how many of the items that are there all workers together took per second, however long it takes.
func queueDrain(_ context.Context, c *call) error {
	count, err := strconv.Atoi(c.words[1])
	if err != nil {
		return err
	}
	workers, err := newWorkers(c, count)
	if err != nil {
		return err
	}
	if err := fill(workers[0]); err != nil {
		return err
	}
	start := time.Now()
	var taken int64
	var all sync.WaitGroup
	for _, w := range workers {
		all.Add(1)
		go func(queue *recipe.Queue) {
			defer all.Done()
			for atomic.AddInt64(&taken, 1) <= drained {
				queue.Dequeue()
			}
		}(recipe.NewQueue(w.client, w.name))
	}
	all.Wait()
	fmt.Printf("%.1f\n", drained/time.Since(start).Seconds())
	return nil
}

func fill(w *worker) error {
	queue := recipe.NewQueue(w.client, w.name)
	for i := 0; i < drained; i++ {
		if err := queue.Enqueue("item"); err != nil {
			return err
		}
	}
	return nil
}

// queueStdin enqueues each line of stdin, as a Go program of a few lines would.
func queueStdin(_ context.Context, c *call) error {
	queue := recipe.NewQueue(c.session.Client(), c.words[0])
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if err := queue.Enqueue(lines.Text()); err != nil {
			return err
		}
	}
	return lines.Err()
}

const watched = 10000 // events

// watchEvents prints how many of the events that have happened a watcher gets per second.
func watchEvents(ctx context.Context, c *call) error {
	client, prefix := c.session.Client(), c.words[2]+"/"
	first, err := putKeys(ctx, client, prefix)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	start, seen := time.Now(), 0
	for reply := range client.Watch(ctx, prefix, clientv3.WithPrefix(), clientv3.WithRev(first)) {
		if err := reply.Err(); err != nil {
			return err
		}
		if seen += len(reply.Events); seen >= watched {
			break
		}
	}
	fmt.Printf("%.1f\n", float64(seen)/time.Since(start).Seconds())
	return nil
}

// putKeys returns the revision of the first.
func putKeys(ctx context.Context, client *clientv3.Client, prefix string) (int64, error) {
	first := int64(0)
	for n := 0; n < watched; {
		var puts []clientv3.Op
		for ; len(puts) < 100; n++ {
			puts = append(puts, clientv3.OpPut(prefix+strconv.Itoa(n), "event"))
		}
		reply, err := client.Txn(ctx).Then(puts...).Commit()
		if err != nil {
			return 0, err
		}
		if first == 0 {
			first = reply.Header.Revision
		}
	}
	return first, nil
}

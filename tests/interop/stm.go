// concurrency.NewSTM: the software transactions that `coord update` takes part in.
package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"strconv"
	"time"

	"go.etcd.io/etcd/clientv3/concurrency"
)

var stmVerbs = map[string]verb{
	"transfer": {"LEVEL PREFIX ACCOUNTS ROUNDS SEED", stmTransfer},
	"add":      {"LEVEL KEY ROUNDS", stmAdd},
}

var stmLevels = map[string]concurrency.Isolation{
	"snapshot":     concurrency.SerializableSnapshot,
	"serializable": concurrency.Serializable,
	"repeatable":   concurrency.RepeatableReads,
}

// stmRun is one transaction at the level of that name. A context that ends ends it.
func stmRun(ctx context.Context, c *call, level string, apply func(concurrency.STM) error) error {
	isolation, known := stmLevels[level]
	if !known {
		return fmt.Errorf("%w: no level %s", errUsage, level)
	}
	_, err := concurrency.NewSTM(c.session.Client(), apply,
		concurrency.WithIsolation(isolation), concurrency.WithAbortContext(ctx))
	return err
}

func stmNumber(text string) int {
	number, _ := strconv.Atoi(text)
	return number
}

// stmTransfer moves amounts between accounts PREFIX0 … so many rounds. Prints "done" and how many.
func stmTransfer(ctx context.Context, c *call) error {
	level, prefix := c.words[0], c.words[1]
	accounts, rounds, seed := stmNumber(c.words[2]), stmNumber(c.words[3]), stmNumber(c.words[4])
	random := rand.New(rand.NewSource(int64(seed)))
	for i := 0; i < rounds; i++ {
		from := random.Intn(accounts)
		to := (from + 1 + random.Intn(accounts-1)) % accounts
		amount := 1 + random.Intn(9)
		a, b := prefix+strconv.Itoa(from), prefix+strconv.Itoa(to)
		err := stmRun(ctx, c, level, func(s concurrency.STM) error {
			s.Put(a, strconv.Itoa(stmNumber(s.Get(a))-amount))
			s.Put(b, strconv.Itoa(stmNumber(s.Get(b))+amount))
			return nil
		})
		if err != nil {
			return err
		}
		time.Sleep(time.Duration(random.Intn(5)) * time.Millisecond)
	}
	fmt.Println("done", rounds)
	return nil
}

// stmAdd adds one to KEY so many rounds.
func stmAdd(ctx context.Context, c *call) error {
	key, rounds := c.words[1], stmNumber(c.words[2])
	if rounds == 0 {
		return errors.New("no rounds")
	}
	for i := 0; i < rounds; i++ {
		err := stmRun(ctx, c, c.words[0], func(s concurrency.STM) error {
			s.Put(key, strconv.Itoa(stmNumber(s.Get(key))+1))
			return nil
		})
		if err != nil {
			return err
		}
	}
	fmt.Println("done", rounds)
	return nil
}

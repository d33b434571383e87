// concurrency.Election: the elections that `coord elect` takes part in beside Go programs.
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"

	"go.etcd.io/etcd/clientv3/concurrency"
)

var electionVerbs = map[string]verb{
	"lead":     {"NAME VALUE", electionLead},
	"observe":  {"NAME", electionObserve},
	"leader":   {"NAME", electionLeader},
	"proclaim": {"NAME VALUE KEY REV", electionProclaim},
	"resign":   {"NAME KEY REV", electionResign},
	"loop":     {"NAME VALUE ROUNDS FILE", electionLoop},
}

// electionLead prints "leads KEY REV" once it does, and "resigned" once it resigned: at the end of stdin, or TERM.
func electionLead(ctx context.Context, c *call) error {
	election := concurrency.NewElection(c.session, c.words[0])
	if err := election.Campaign(ctx, c.words[1]); err != nil {
		return err
	}
	fmt.Println("leads", election.Key(), election.Rev())
	if err := untilToldOrLost(ctx, c.session); err != nil {
		return err
	}
	if err := election.Resign(context.Background()); err != nil {
		return err
	}
	fmt.Println("resigned")
	return nil
}

// electionObserve prints "VALUE KEY REV" for each leader and each value, until TERM.
func electionObserve(ctx context.Context, c *call) error {
	for seen := range concurrency.NewElection(c.session, c.words[0]).Observe(ctx) {
		kv := seen.Kvs[0]
		fmt.Println(string(kv.Value), string(kv.Key), kv.CreateRevision)
	}
	return nil
}

func electionLeader(ctx context.Context, c *call) error {
	leader, err := concurrency.NewElection(c.session, c.words[0]).Leader(ctx)
	if err != nil {
		return err
	}
	kv := leader.Kvs[0]
	fmt.Println(string(kv.Value), string(kv.Key), kv.CreateRevision)
	return nil
}

// resumed is the election whose leader is KEY, created at REV. Its session would put the key on a lease of its own.
func resumed(c *call, key, rev string) (*concurrency.Election, error) {
	number, err := strconv.ParseInt(rev, 10, 64)
	return concurrency.ResumeElection(c.session, c.words[0]+"/", key, number), err
}

func electionProclaim(ctx context.Context, c *call) error {
	election, err := resumed(c, c.words[2], c.words[3])
	if err != nil {
		return err
	}
	return election.Proclaim(ctx, c.words[1])
}

func electionResign(ctx context.Context, c *call) error {
	election, err := resumed(c, c.words[1], c.words[2])
	if err != nil {
		return err
	}
	return election.Resign(ctx)
}

// electionLoop leads NAME so many times. Each time it appends "enter PID" and then "exit PID" to FILE.
func electionLoop(ctx context.Context, c *call) error {
	rounds, err := strconv.Atoi(c.words[2])
	if err != nil {
		return err
	}
	file, err := os.OpenFile(c.words[3], os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	defer file.Close()
	for i := 0; i < rounds; i++ {
		election := concurrency.NewElection(c.session, c.words[0])
		if err := election.Campaign(ctx, c.words[1]); err != nil {
			return err
		}
		fmt.Fprintln(file, "enter", os.Getpid())
		fmt.Fprintln(file, "exit", os.Getpid())
		if err := election.Resign(ctx); err != nil {
			return err
		}
	}
	return nil
}

// recipe.Queue and recipe.PriorityQueue: the queues that `coord enqueue` and `coord dequeue` share with Go programs.
package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	recipe "go.etcd.io/etcd/contrib/recipes"
)

var queueVerbs = map[string]verb{
	"enqueue": {"NAME ITEMS", queueEnqueue},
	"dequeue": {"NAME COUNT", queueDequeue},
}

var priorityQueueVerbs = map[string]verb{
	"enqueue": {"NAME PRIORITY ITEMS", priorityEnqueue},
	"dequeue": {"NAME COUNT", priorityDequeue},
}

// ITEMS: with commas between them.
func each(items string, put func(string) error) error {
	for _, item := range strings.Split(items, ",") {
		if err := put(item); err != nil {
			return err
		}
	}
	return nil
}

func queueEnqueue(_ context.Context, c *call) error {
	return each(c.words[1], recipe.NewQueue(c.session.Client(), c.words[0]).Enqueue)
}

func priorityEnqueue(_ context.Context, c *call) error {
	priority, err := strconv.ParseUint(c.words[1], 10, 16)
	if err != nil {
		return err
	}
	queue := recipe.NewPriorityQueue(c.session.Client(), c.words[0])
	return each(c.words[2], func(item string) error { return queue.Enqueue(item, uint16(priority)) })
}

// Prints so many items, a line each, as they come.
func printItems(count string, take func() (string, error)) error {
	left, err := strconv.Atoi(count)
	for ; err == nil && left > 0; left-- {
		var item string
		if item, err = take(); err == nil {
			fmt.Println(item)
		}
	}
	return err
}

func queueDequeue(_ context.Context, c *call) error {
	return printItems(c.words[1], recipe.NewQueue(c.session.Client(), c.words[0]).Dequeue)
}

func priorityDequeue(_ context.Context, c *call) error {
	return printItems(c.words[1], recipe.NewPriorityQueue(c.session.Client(), c.words[0]).Dequeue)
}

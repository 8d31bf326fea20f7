package embedded

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestKafkaKeepsItsAddressAndTopics(t *testing.T) {
	dir := t.TempDir()
	start := func() *Kafka {
		t.Helper()
		k, err := StartKafka(dir, "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	k := start()
	addr := k.Addr()
	if err := k.cluster.CreateTopic("kept", 2, nil); err != nil {
		t.Fatal(err)
	}
	k.Close()
	k = start()
	if k.Addr() != addr {
		t.Errorf("restarted on %s, was on %s", k.Addr(), addr)
	}
	if info := k.cluster.TopicInfo("kept"); info == nil {
		t.Error("the topic is gone")
	}
	k.Close()
	// somebody else has the port now
	l, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	k = start()
	defer k.Close()
	if k.Addr() == addr {
		t.Errorf("started on the taken %s", addr)
	}
}

func TestStartKafkaErrors(t *testing.T) {
	f := func(dir, listen, want string) {
		t.Helper()
		k, err := StartKafka(dir, listen)
		if err == nil {
			k.Close()
		}
		if !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	f(filepath.Join(file, "x"), "127.0.0.1:0", file)
	f("", "9092", `"9092"`)
	f("", "127.0.0.1:kafka", `"kafka"`)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	f("", l.Addr().String(), "address already in use")
}

func TestRedis(t *testing.T) {
	r, err := StartRedis()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	c, err := net.Dial("tcp", r.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprint(c, "*1\r\n$4\r\nPING\r\n")
	if line, err := bufio.NewReader(c).ReadString('\n'); line != "+PONG\r\n" {
		t.Errorf("got %q, %v", line, err)
	}
}

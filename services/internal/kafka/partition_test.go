package kafka

import (
	"fmt"
	"testing"

	"github.com/segmentio/kafka-go"
)

func TestPartition(t *testing.T) {
	f := func(key string, want uint32) {
		t.Helper()
		if got := murmur2([]byte(key)); got != want {
			t.Errorf("murmur2(%q) = %d, want %d", key, int32(got), int32(want))
		}
	}
	// from UtilsTest.testMurmur2 of Kafka's Java client
	f("21", uint32(0xffffffff&(1<<32-973932308)))
	f("foobar", uint32(1<<32-790332482))
	f("a-little-bit-long-string", uint32(1<<32-985981536))
	f("a-little-bit-longer-string", uint32(1<<32-1486304829))
	f("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", uint32(1<<32-58897971))
	f("abc", 479470107)
	// and with kafka-go's own partitioner, whatever the length
	ids := []int{0, 1, 2, 3, 4, 5, 6}
	balancer := kafka.Murmur2Balancer{Consistent: true}
	for i := range 500 {
		key := []byte(fmt.Sprintf("card-%0*d", i%23, i))
		if got, want := Partition(key, 7), balancer.Balance(kafka.Message{Key: key}, ids...); got != want {
			t.Errorf("Partition(%q) = %d, want %d", key, got, want)
		}
	}
}

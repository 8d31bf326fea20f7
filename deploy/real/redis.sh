# Redis, without persistence. Sets SKIMWATCH_TEST_REDIS.

start_redis() {
	need redis-server redis-server
	local dir=$RUN/redis port
	mkdir -p "$dir"
	port=$(free_port)
	redis-server --bind 127.0.0.1 --port "$port" --dir "$dir" --save '' --appendonly no >"$dir/log" 2>&1 &
	STARTED+=($!)
	wait_for 30 redis "$dir/log" $! open_port "$port"
	export SKIMWATCH_TEST_REDIS=127.0.0.1:$port
	say "redis on $SKIMWATCH_TEST_REDIS"
}

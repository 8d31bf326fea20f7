# Apache Kafka from its jars. Sets SKIMWATCH_TEST_KAFKA.

KAFKA_LIBS=$ROOT/.tools/kafka-3.9.1

fetch_kafka() {
	[ -e "$KAFKA_LIBS/complete" ] && return
	need mvn maven
	say "fetching Apache Kafka's jars"
	mvn -q -B -f "$ROOT/deploy/real/pom.xml" dependency:copy-dependencies -DoutputDirectory="$KAFKA_LIBS" >"$RUN/mvn.log" 2>&1 || { tail -n 30 "$RUN/mvn.log" >&2; fail "Maven could not fetch Kafka's jars"; }
	touch "$KAFKA_LIBS/complete"
}

start_kafka() {
	need java openjdk-17-jre-headless
	fetch_kafka
	local dir=$RUN/kafka port controller id
	mkdir -p "$dir"
	port=$(free_port) controller=$(free_port)
	sed -e "s|@PORT@|$port|g" -e "s|@CONTROLLER@|$controller|g" -e "s|@DATA@|$dir/data|g" "$ROOT/deploy/real/server.properties" >"$dir/server.properties"
	local java=(java -Xmx512m -XX:+UseSerialGC "-Dlog4j.configuration=file:$ROOT/deploy/real/log4j.properties" -cp "$KAFKA_LIBS/*")
	id=$("${java[@]}" kafka.tools.StorageTool random-uuid 2>/dev/null | tail -n 1)
	"${java[@]}" kafka.tools.StorageTool format -c "$dir/server.properties" -t "$id" >"$dir/format.log" 2>&1 || { cat "$dir/format.log" >&2; fail "Kafka's storage could not be formatted"; }
	"${java[@]}" kafka.Kafka "$dir/server.properties" >"$dir/log" 2>&1 &
	STARTED+=($!)
	wait_for 90 kafka "$dir/log" $! grep -q "Kafka Server started" "$dir/log"
	export SKIMWATCH_TEST_KAFKA=127.0.0.1:$port
	say "kafka on $SKIMWATCH_TEST_KAFKA"
}

# Chromium, which the browser tests start themselves. Sets SKIMWATCH_TEST_CHROMIUM.

start_chromium() {
	need chromium chromium
	SKIMWATCH_TEST_CHROMIUM=$(command -v chromium)
	export SKIMWATCH_TEST_CHROMIUM
	say "chromium at $SKIMWATCH_TEST_CHROMIUM"
}

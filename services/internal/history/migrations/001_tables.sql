CREATE TABLE transactions (
	id TEXT PRIMARY KEY,
	time BIGINT NOT NULL,
	card TEXT NOT NULL,
	bin TEXT NOT NULL,
	last4 TEXT NOT NULL,
	account TEXT NOT NULL,
	customer TEXT NOT NULL,
	atm TEXT NOT NULL,
	lat DOUBLE PRECISION NOT NULL,
	lon DOUBLE PRECISION NOT NULL,
	country TEXT NOT NULL,
	city TEXT NOT NULL,
	kind BIGINT NOT NULL,
	amount BIGINT NOT NULL,
	currency TEXT NOT NULL,
	entry BIGINT NOT NULL,
	response TEXT NOT NULL,
	reversal_of TEXT NOT NULL,
	reversal_reason TEXT NOT NULL,
	daily_limit BIGINT NOT NULL,
	balance_after BIGINT NOT NULL,
	present BIGINT NOT NULL,
	card_partition BIGINT NOT NULL,
	card_offset BIGINT NOT NULL,
	atm_partition BIGINT NOT NULL,
	atm_offset BIGINT NOT NULL,
	flags BIGINT NOT NULL
)

CREATE INDEX transactions_by_card ON transactions (card, time)

CREATE INDEX transactions_by_time ON transactions (time)

CREATE TABLE scores (
	tx TEXT PRIMARY KEY,
	score DOUBLE PRECISION NOT NULL,
	threshold DOUBLE PRECISION NOT NULL,
	decision TEXT NOT NULL,
	model TEXT NOT NULL,
	rules TEXT NOT NULL,
	feature_set BIGINT NOT NULL,
	vector {bytes} NOT NULL,
	reasons TEXT NOT NULL,
	produced BIGINT NOT NULL,
	scored BIGINT NOT NULL
)

CREATE TABLE labels (
	tx TEXT NOT NULL,
	source TEXT NOT NULL,
	fraud BOOLEAN NOT NULL,
	scenario TEXT NOT NULL,
	campaign TEXT NOT NULL,
	known_at BIGINT NOT NULL,
	author TEXT NOT NULL,
	reason TEXT NOT NULL,
	note TEXT NOT NULL,
	PRIMARY KEY (tx, source)
)

CREATE INDEX labels_by_known_at ON labels (known_at)

CREATE TABLE episodes (
	id TEXT PRIMARY KEY,
	card TEXT NOT NULL,
	bin TEXT NOT NULL,
	last4 TEXT NOT NULL,
	status TEXT NOT NULL,
	owner TEXT NOT NULL,
	score DOUBLE PRECISION NOT NULL,
	hits BIGINT NOT NULL,
	first_time BIGINT NOT NULL,
	last_time BIGINT NOT NULL,
	raised BIGINT NOT NULL,
	top TEXT NOT NULL,
	reason TEXT NOT NULL,
	atm TEXT NOT NULL,
	country TEXT NOT NULL,
	city_search TEXT NOT NULL
)

CREATE INDEX episodes_by_score ON episodes (status, score DESC, id)

CREATE INDEX episodes_by_card ON episodes (card, status)

CREATE TABLE alerts (
	id TEXT PRIMARY KEY,
	episode TEXT NOT NULL REFERENCES episodes (id),
	tx TEXT NOT NULL,
	card TEXT NOT NULL,
	atm TEXT NOT NULL,
	time BIGINT NOT NULL,
	score DOUBLE PRECISION NOT NULL,
	reason TEXT NOT NULL,
	lat DOUBLE PRECISION NOT NULL,
	lon DOUBLE PRECISION NOT NULL,
	has_place BOOLEAN NOT NULL,
	country TEXT NOT NULL,
	city TEXT NOT NULL,
	raised BIGINT NOT NULL,
	body TEXT NOT NULL
)

CREATE INDEX alerts_by_episode ON alerts (episode, time)

CREATE INDEX alerts_by_time ON alerts (time)

CREATE INDEX alerts_by_transaction ON alerts (tx)

CREATE INDEX alerts_by_raised ON alerts (raised)

CREATE TABLE decisions (
	id TEXT PRIMARY KEY,
	episode TEXT NOT NULL REFERENCES episodes (id),
	verdict TEXT NOT NULL,
	reason TEXT NOT NULL,
	note TEXT NOT NULL,
	author TEXT NOT NULL,
	at BIGINT NOT NULL,
	known_at BIGINT NOT NULL,
	undone_at BIGINT NOT NULL
)

CREATE INDEX decisions_by_episode ON decisions (episode)

CREATE TABLE label_outbox (
	number {number},
	decision TEXT NOT NULL REFERENCES decisions (id),
	body TEXT NOT NULL,
	due BIGINT NOT NULL,
	sent BOOLEAN NOT NULL
)

CREATE INDEX label_outbox_by_decision ON label_outbox (decision)

CREATE INDEX label_outbox_by_due ON label_outbox (sent, due)

CREATE TABLE audit (
	number {number},
	at BIGINT NOT NULL,
	author TEXT NOT NULL,
	action TEXT NOT NULL,
	episode TEXT NOT NULL,
	detail TEXT NOT NULL
)

CREATE INDEX audit_by_episode ON audit (episode, number)

CREATE TABLE dead_letters (
	number {number},
	part BIGINT NOT NULL,
	place BIGINT NOT NULL,
	reason TEXT NOT NULL,
	body {bytes} NOT NULL,
	UNIQUE (part, place)
)

CREATE TABLE users (
	name TEXT PRIMARY KEY,
	role TEXT NOT NULL,
	password TEXT NOT NULL,
	token TEXT NOT NULL,
	disabled BOOLEAN NOT NULL
)

CREATE UNIQUE INDEX users_by_token ON users (token) WHERE token <> ''

CREATE TABLE dead_letters_by_topic (
	number {number},
	topic TEXT NOT NULL,
	part BIGINT NOT NULL,
	place BIGINT NOT NULL,
	record_key TEXT NOT NULL,
	reason TEXT NOT NULL,
	body {bytes} NOT NULL,
	UNIQUE (topic, part, place)
)

INSERT INTO dead_letters_by_topic (topic, part, place, record_key, reason, body)
	SELECT 'transactions', part, place, '', reason, body FROM dead_letters ORDER BY number

DROP TABLE dead_letters

ALTER TABLE dead_letters_by_topic RENAME TO dead_letters

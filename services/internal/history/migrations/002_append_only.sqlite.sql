CREATE TRIGGER audit_keeps_entries BEFORE DELETE ON audit BEGIN
	SELECT RAISE(ABORT, 'the audit is append-only');
END

CREATE TRIGGER audit_keeps_words BEFORE UPDATE ON audit BEGIN
	SELECT RAISE(ABORT, 'the audit is append-only');
END

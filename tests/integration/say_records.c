/* Signs records into the own feed of a home whose daemon is stopped, whatever they say: what a member
 * with another program, an older one or a hostile one, could publish. Nothing of it is checked, limited
 * or erased here.
 *
 *     say_records HOME < records
 *
 * A line for each record: kind, blank, payload in hex and, if it is to claim another time, blank,
 * milliseconds. Prints the id of each. */
#include "daemon/arrivals.h"
#include "daemon/home.h"
#include "daemon/network.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { IN_A_COMMIT = 200 };

static struct kl_fault fault;

static _Noreturn void bail_out(const char *what)
{
	fprintf(stderr, "say_records: %s: %s\n", what, fault.message);
	exit(1);
}

struct speaker {
	struct kl_home home;
	struct kl_ticket ticket;
	struct kl_store *store;
	struct kl_batch *batch;
	struct kl_feed_id feed;
	struct kl_head head;
};

/* `time_ms` 0: some time. */
static void say(struct speaker *s, uint32_t kind, struct kl_bytes payload, uint64_t time_ms)
{
	const struct kl_author author = {
		s->ticket.network, {s->feed.author, 0}, &s->home.identity.sign};
	struct kl_record_memory memory;
	struct kl_stored_record stored;
	struct kl_record record;
	char hex[KL_ID_HEX_MAX];

	if (!time_ms)
		time_ms = UINT64_C(1780000000000) + s->head.seq;
	if (kl_record_make(&author, &s->head, kind, time_ms, payload, &memory, &record))
		bail_out("a record");
	kl_record_to_store(&record, &stored);
	if (kl_feed_append(s->batch, &s->feed, s->head.seq ? &s->head.id : NULL, &stored, 1))
		bail_out("a record");
	kl_arrivals_note(s->batch, &s->feed, &record, 1);
	s->head = (struct kl_head){record.h.seq, record.id};
	kl_hex(record.id.b, KL_ID_BYTES, hex);
	puts(hex);
}

static void commit(struct speaker *s)
{
	if (kl_store_commit(s->store, s->batch, &fault))
		bail_out("the database");
	kl_batch_reset(s->batch);
}

static void open_home(struct speaker *s, const char *path)
{
	char data[PATH_MAX], ticket[KL_TICKET_TEXT_MAX + 1];
	struct kl_feed_head head;
	size_t len;

	if (kl_home_open(&s->home, path, &fault) || kl_home_lock(&s->home, &fault) ||
		kl_home_read(
			&s->home, "ticket", (uint8_t *)ticket, sizeof ticket - 1, &len, &fault))
		bail_out(path);
	ticket[len] = '\0';
	s->feed = (struct kl_feed_id){s->home.identity.sign.public_key, 0};
	if (kl_ticket_parse(ticket, &s->ticket, &fault) || kl_home_path(&s->home, "data", data) ||
		kl_store_open(data, NULL, &fault, &s->store) ||
		kl_feed_head(s->store, &s->feed, &head))
		bail_out(path);
	s->head = (struct kl_head){head.seq, head.id};
	s->batch = kl_batch_new();
}

int main(int argc, char **argv)
{
	static struct speaker s;
	static char line[2 * KL_PAYLOAD_MAX + 32];
	static uint8_t payload[KL_PAYLOAD_MAX];
	unsigned n = 0;

	if (argc != 2) {
		fprintf(stderr, "say_records HOME < records\n");
		return 64;
	}
	open_home(&s, argv[1]);
	while (fgets(line, sizeof line, stdin)) {
		char *hex;
		uint32_t kind = (uint32_t)strtoul(line, &hex, 10);
		uint64_t time_ms;
		size_t len;

		hex += *hex == ' ';
		len = strcspn(hex, " \n") / 2;
		time_ms = strtoull(hex + 2 * len, NULL, 10);
		hex[2 * len] = '\0';
		if (len > sizeof payload || kl_hex_parse(hex, payload, len))
			bail_out("a payload that is no hex");
		say(&s, kind, kl_bytes(payload, len), time_ms);
		if (++n % IN_A_COMMIT == 0)
			commit(&s);
	}
	commit(&s);
	kl_batch_destroy(s.batch);
	kl_store_close(s.store);
	kl_home_close(&s.home);
	return 0;
}

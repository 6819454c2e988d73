/* Writes all records that a home holds, feed by feed, as they travel: what a reader in another language
 * starts from. The daemon of the home is stopped.
 *
 *     dump_records HOME > DUMP        prints the network id on stderr, in hex */
#include "daemon/home.h"
#include "daemon/network.h"

#include <stdio.h>
#include <string.h>

static struct kl_fault fault;

static _Noreturn void bail_out(const char *what)
{
	fprintf(stderr, "dump_records: %s: %s\n", what, fault.message);
	exit(1);
}

static int write_record(
	void *arg, const struct kl_feed_id *feed, const struct kl_stored_record *stored)
{
	struct kl_record record;
	struct kl_bytes bytes;
	struct kl_writer w;
	int rc;

	(void)arg;
	(void)feed;
	kl_writer_init(&w);
	rc = kl_record_from_store(stored, &record);
	if (!rc)
		kl_record_write(&w, &record);
	if (!rc)
		rc = kl_writer_bytes(&w, &bytes);
	if (!rc && fwrite(bytes.data, 1, bytes.len, stdout) != bytes.len)
		rc = KL_E_IO;
	kl_writer_deinit(&w);
	return rc;
}

static int write_feed(void *arg, const struct kl_feed_head *head)
{
	return kl_feed_visit(arg, &head->feed, 1, write_record, NULL);
}

static void print_network(struct kl_home *home)
{
	char text[KL_TICKET_TEXT_MAX + 1], hex[KL_ID_HEX_MAX];
	struct kl_ticket ticket;
	size_t len;

	if (kl_home_read(home, "ticket", (uint8_t *)text, sizeof text - 1, &len, &fault))
		bail_out("the ticket");
	text[len] = '\0';
	if (kl_ticket_parse(text, &ticket, &fault))
		bail_out("the ticket");
	kl_hex(ticket.network.b, KL_ID_BYTES, hex);
	fprintf(stderr, "%s\n", hex);
}

int main(int argc, char **argv)
{
	struct kl_store *store;
	struct kl_home home;
	char data[PATH_MAX];

	if (argc != 2) {
		fprintf(stderr, "dump_records HOME > DUMP\n");
		return 64;
	}
	if (kl_home_open(&home, argv[1], &fault) || kl_home_lock(&home, &fault) ||
		kl_home_path(&home, "data", data) || kl_store_open(data, NULL, &fault, &store))
		bail_out(argv[1]);
	if (kl_feed_visit_heads(store, write_feed, store) || fflush(stdout))
		bail_out("the records");
	print_network(&home);
	kl_store_close(store);
	kl_home_close(&home);
	return 0;
}

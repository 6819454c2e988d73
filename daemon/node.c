#include "daemon/node.h"
#include "daemon/arrival_days.h"
#include "daemon/arrivals.h"
#include "daemon/imported.h"
#include "daemon/reference.h"
#include "daemon/log.h"
#include "daemon/nearest.h"
#include "daemon/network.h"
#include "daemon/search.h"
#include "store/documents.h"
#include "store/imports.h"

#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* The map of the database begins as a part of max_store, and is doubled. */
enum { MAP_PART = 64, MAP_MIN = 1 << 20, MAP_MAX = 1 << 30 };

/* ---- clocks, randomness, documents --------------------------------------------------------- */

void kl_node_entropy(uint8_t out[32])
{
	randombytes_buf(out, 32);
}

uint64_t kl_node_now(const struct kl_node *node)
{
	return uv_now(&node->uv);
}

uint64_t kl_node_wall(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

int kl_node_commit(struct kl_node *node, struct kl_batch *batch, struct kl_fault *fault)
{
	int rc = batch ? kl_store_commit(node->store, batch, fault)
		       : kl_fault(fault, KL_E_NOMEM, "out of memory");

	kl_batch_destroy(batch);
	if (rc && node->disk.state == KL_DISK_FINE && /* else disk.c has told it */
		kl_log_may(&node->failures, kl_node_now(node)))
		kl_log(KL_LOG_WARNING, "commit: %s", kl_error_text(rc));
	return rc;
}

int kl_node_keep(struct kl_node *node, const char *kind, const char *name, struct kl_bytes bytes,
	struct kl_fault *fault)
{
	struct kl_batch *batch = kl_batch_new();

	if (batch)
		kl_document_put(batch, kind, name, bytes); /* an error sticks to the batch */
	return kl_node_commit(node, batch, fault);
}

/* ---- stopping ------------------------------------------------------------------------------ */

static void close_handles(struct kl_node *node)
{
	uv_close((uv_handle_t *)&node->hangup, NULL);
	uv_close((uv_handle_t *)&node->minute, NULL);
	kl_disk_stop(node);
	/* these listen on, or work on, without keeping the loop turning */
	uv_unref((uv_handle_t *)&node->term);
	uv_unref((uv_handle_t *)&node->interrupt);
	uv_unref((uv_handle_t *)&node->indexing);
}

static void control_closed(void *data)
{
	struct kl_node *node = data;

	node->control = NULL;
}

static void stop(struct kl_node *node)
{
	if (node->stopping)
		_exit(kl_error_exit(KL_E_BUSY)); /* asked a second time: at once */
	node->stopping = true;
	kl_log(KL_LOG_INFO, "stopping");
	kl_control_close(node->control, control_closed, node);
	kl_links_close(node->links);
	kl_network_stop(node->network);
	kl_search_stop(node); /* what it has not done yet it does after the next start */
	close_handles(node);
}

static void on_stop_signal(uv_signal_t *handle, int number)
{
	(void)number;
	stop(handle->data);
}

static void on_hangup(uv_signal_t *handle, int number)
{
	(void)number;
	kl_node_reload(handle->data);
}

/* ---- housekeeping -------------------------------------------------------------------------- */

static void on_minute(uv_timer_t *timer)
{
	struct kl_node *node = timer->data;
	unsigned freed;

	if (kl_store_is_broken(node->store))
		return;          /* disk.c opens it again */
	kl_search_arrived(node); /* a failure may be over */
	if (!kl_store_check_readers(node->store, &freed) && freed)
		kl_log(KL_LOG_WARNING, "freed %u readers that died", freed);
	if (node->network)
		kl_arrival_days_note(node);
}

/* ---- starting ------------------------------------------------------------------------------ */

static int start_signals(struct kl_node *node, struct kl_fault *fault)
{
	int rc = 0;

	node->term.data = node->interrupt.data = node->hangup.data = node->minute.data = node;
	rc |= uv_signal_init(&node->uv, &node->term);
	rc |= uv_signal_init(&node->uv, &node->interrupt);
	rc |= uv_signal_init(&node->uv, &node->hangup);
	rc |= uv_timer_init(&node->uv, &node->minute);
	rc |= uv_signal_start(&node->term, on_stop_signal, SIGTERM);
	rc |= uv_signal_start(&node->interrupt, on_stop_signal, SIGINT);
	rc |= uv_signal_start(&node->hangup, on_hangup, SIGHUP);
	rc |= uv_timer_start(&node->minute, on_minute, 60000, 60000);
	return rc ? kl_fault(fault, KL_E_IO, "the event loop cannot be set up") : KL_OK;
}

/* LMDB takes an empty file for a new database. In a home that has served before it is one that was
 * lost, and to begin anew in silence would hide that. */
static int check_not_emptied(const struct kl_node *node, struct kl_fault *fault)
{
	struct stat st;

	if (fstatat(node->home.dir, "data/data.mdb", &st, 0) || st.st_size ||
		faccessat(node->home.dir, "endpoints", F_OK, 0))
		return KL_OK;
	kl_fault(fault, KL_E_DAMAGED, "the database in %s/data is empty, and it was not before",
		node->home.path);
	kl_fault_hint(fault,
		"put data/ back from a backup, or move it away and start afresh: what the "
		"network knows comes back by itself");
	return KL_E_DAMAGED;
}

static uint64_t map_at_first(uint64_t max_store)
{
	uint64_t bytes = max_store / MAP_PART;

	return bytes < MAP_MIN ? MAP_MIN : bytes > MAP_MAX ? MAP_MAX : bytes;
}

/* An older database is brought up to date when it is opened, and that takes space. */
static int open_on_full_disk(struct kl_node *node, const char *data,
	const struct kl_store_options *options, struct kl_fault *fault)
{
	int rc = kl_store_open(data, options, fault, &node->store);

	if (rc == KL_E_FULL && kl_disk_give_up(node))
		rc = kl_store_open(data, options, fault, &node->store);
	return rc;
}

static int open_store(struct kl_node *node, struct kl_fault *fault)
{
	struct kl_store_options options = {.map_size = map_at_first(node->config.max_store),
		.map_max = node->config.max_store,
		.map_reserve = kl_disk_reserve(node->config.max_store),
		.lacks = kl_disk_lacks,
		.arg = node};
	char data[PATH_MAX];
	uint64_t parts;
	int rc = check_not_emptied(node, fault);

	if (!rc)
		rc = kl_home_path(&node->home, "data", data);
	if (!rc)
		rc = open_on_full_disk(node, data, &options, fault);
	if (rc)
		return rc;
	rc = kl_imports_sweep(node->store, fault, &parts);
	if (rc == KL_E_FULL) /* nobody sees these parts: the next start sweeps them */
		rc = KL_OK;
	return rc ? rc : kl_arrivals_settle(node, fault);
}

static int start_control(struct kl_node *node, struct kl_fault *fault)
{
	char path[PATH_MAX];
	struct kl_control_options options = {.path = node->config.control,
		.commands = kl_handlers,
		.command_count = kl_handlers_count,
		.node = node};

	if (!node->config.control[0]) {
		if (kl_home_path(&node->home, "control", path))
			return kl_fault(fault, KL_E_CONFIG, "the path of the home is too long");
		options.path = path;
	}
	return kl_control_new(&node->loop, node->zmq, &options, fault, &node->control);
}

static int start_links(struct kl_node *node, struct kl_fault *fault)
{
	struct kl_links_hooks hooks = kl_network_hooks;
	const struct kl_links_config config = {.loop = &node->loop,
		.zmq = node->zmq,
		.keys = &node->home.identity.curve,
		.bind = node->config.bind,
		.beat_ms = node->config.beat_ms};

	hooks.context = node;
	return kl_links_new(&config, &hooks, fault, &node->links);
}

/* Says where we really listen: in the file for scripts, on stdout for whoever started us. A daemon
 * that only calls out is reached at its command socket alone. A full disk keeps nobody from being
 * served: what is stored can be read, and room be made. */
static int announce(struct kl_node *node, struct kl_fault *fault)
{
	const char *tcp = kl_links_endpoint(node->links), *control = node->config.control;
	char text[2 * PATH_MAX + KL_ENDPOINT_MAX];
	struct kl_fault trouble = {0};
	int n, rc;

	n = snprintf(text, sizeof text, "%s%sipc://%s%s\n", tcp, tcp[0] ? "\n" : "",
		control[0] ? "" : node->home.path, control[0] ? control : "/control");
	rc = kl_home_write(&node->home, "endpoints", kl_bytes(text, (size_t)n), &trouble);
	if (rc == KL_E_FULL && kl_disk_give_up(node))
		rc = kl_home_write(&node->home, "endpoints", kl_bytes(text, (size_t)n), &trouble);
	if (rc == KL_E_FULL) {
		kl_log(KL_LOG_ERROR,
			"the disk is full: where this daemon listens is not in a file");
		(void)unlinkat(node->home.dir, "endpoints", 0); /* it tells of an earlier run */
	} else if (rc) {
		*fault = trouble;
		return rc;
	}
	printf("ready %.*s\n", (int)strcspn(text, "\n"), text);
	fflush(stdout);
	return KL_OK;
}

int kl_node_start(struct kl_node *node, struct kl_fault *fault)
{
	int rc;

	if (uv_loop_init(&node->uv))
		return kl_fault(fault, KL_E_NOMEM, "the event loop cannot be set up");
	kl_zloop_init(&node->loop, &node->uv);
	uv_idle_init(&node->uv, &node->indexing);
	node->zmq = zmq_ctx_new();
	if (!node->zmq)
		return kl_fault(fault, KL_E_NOMEM, "ZeroMQ cannot be set up");
	kl_disk_prepare(node);
	if ((rc = open_store(node, fault)) || (rc = start_signals(node, fault)))
		return rc;
	kl_disk_start(node);
	if ((rc = start_links(node, fault)) || (rc = kl_network_start(node, fault)) ||
		(rc = kl_search_start(node, fault)) || (rc = start_control(node, fault)))
		return rc;
	kl_imported_begin(node);
	return announce(node, fault);
}

void kl_node_run(struct kl_node *node)
{
	uv_run(&node->uv, UV_RUN_DEFAULT);
	uv_close((uv_handle_t *)&node->term, NULL);
	uv_close((uv_handle_t *)&node->interrupt, NULL);
	uv_close((uv_handle_t *)&node->indexing, NULL);
	kl_search_stop(node);
	kl_zloop_close(&node->loop);
	uv_run(&node->uv, UV_RUN_DEFAULT);
	uv_loop_close(&node->uv);
	zmq_ctx_term(node->zmq);
	kl_imported_destroy(node->imported);
	kl_nearest_destroy(node->nearest);
	kl_reference_destroy(node->reference);
	kl_store_close(node->store);
}

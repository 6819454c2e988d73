#include "daemon/disk.h"
#include "daemon/network.h"
#include "daemon/node.h"
#include "daemon/search.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define BALLAST "ballast"

enum {
	BALLAST_MAX = 16 << 20,
	BALLAST_MIN = 256 << 10,
	BALLAST_PART = 512, /* of a small disk */
	RESERVE_PART = 16,  /* of a small max_store */
	LOOK_MS = 2000,
	LOOK_SLOWEST_MS = 60000, /* if the trouble comes back, looks become this rare */
	BACK_MS = 60000,         /* back so soon is the same trouble */
};

uint64_t kl_disk_ballast(uint64_t disk_size)
{
	uint64_t bytes = disk_size / BALLAST_PART;

	return bytes < BALLAST_MIN ? BALLAST_MIN : bytes > BALLAST_MAX ? BALLAST_MAX : bytes;
}

uint64_t kl_disk_reserve(uint64_t max_store)
{
	uint64_t bytes = max_store / RESERVE_PART;

	return bytes > BALLAST_MAX ? BALLAST_MAX : bytes;
}

/* ---- the ballast --------------------------------------------------------------------------- */

static bool has_free(const struct kl_node *node, uint64_t bytes)
{
	struct statvfs disk;

	return fstatvfs(node->home.dir, &disk) || (uint64_t)disk.f_bavail * disk.f_frsize >= bytes;
}

/* Nothing to be made: it is there, and takes its space. One that was copied may be all hole. */
static bool is_whole(const struct kl_node *node)
{
	struct stat file;

	return !fstatat(node->home.dir, BALLAST, &file, AT_SYMLINK_NOFOLLOW) &&
	       S_ISREG(file.st_mode) && (uint64_t)file.st_size == node->disk.ballast &&
	       (uint64_t)file.st_blocks * 512 >= node->disk.ballast;
}

/* Takes twice the space and gives half of it back: a quota, too, must leave something for the work. */
static bool make(struct kl_node *node)
{
	off_t bytes = (off_t)node->disk.ballast;
	int fd;
	bool made;

	if (!has_free(node, 2 * node->disk.ballast))
		return false;
	fd = openat(node->home.dir, BALLAST, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
		0600);
	if (fd < 0)
		return false;
	made = !posix_fallocate(fd, 0, 2 * bytes) && !ftruncate(fd, bytes) && !fsync(fd);
	close(fd);
	if (!made)
		(void)unlinkat(node->home.dir, BALLAST, 0);
	return made;
}

void kl_disk_prepare(struct kl_node *node)
{
	struct statvfs disk = {0};

	(void)fstatvfs(node->home.dir, &disk);
	node->disk.ballast = kl_disk_ballast((uint64_t)disk.f_blocks * disk.f_frsize);
	node->disk.has_ballast = is_whole(node) || make(node);
}

bool kl_disk_give_up(struct kl_node *node)
{
	if (!node->disk.has_ballast)
		return false;
	node->disk.has_ballast = false;
	(void)unlinkat(node->home.dir, BALLAST, 0);
	return true;
}

/* ---- words --------------------------------------------------------------------------------- */

static void size_words(uint64_t bytes, char out[32])
{
	if (bytes < 10000000)
		(void)snprintf(out, 32, "%llu KB", (unsigned long long)bytes / 1000);
	else
		(void)snprintf(out, 32, "%llu MB", (unsigned long long)bytes / 1000000);
}

static void full_words(const struct kl_node *node, struct kl_fault *why)
{
	char left[32] = "little", needed[32];
	struct statvfs disk;

	if (!fstatvfs(node->home.dir, &disk))
		size_words((uint64_t)disk.f_bavail * disk.f_frsize, left);
	size_words(2 * node->disk.ballast, needed);
	kl_fault(why, KL_E_FULL,
		"the disk of %.300s is full (%s free%s): nothing new is kept, all that is there is "
		"served",
		node->home.path, left,
		has_free(node, 2 * node->disk.ballast) ? ", and not for this user" : "");
	kl_fault_hint(why,
		"make room on that disk: with %s free it goes on by itself, within seconds; "
		"nothing "
		"that was confirmed is lost",
		needed);
}

static void limit_words(const struct kl_node *node, struct kl_fault *why)
{
	kl_fault(why, KL_E_FULL,
		"the database in %.300s has reached max_store (%llu MiB): nothing new is kept, all "
		"that "
		"is "
		"there is served",
		node->home.path, (unsigned long long)node->config.max_store >> 20);
	kl_fault_hint(why, "raise max_store in keeplocald.conf and send SIGHUP to keeplocald, or "
			   "take an import "
			   "back with keeplocal undo; nothing that was confirmed is lost");
}

static void failing_words(const struct kl_node *node, struct kl_fault *why)
{
	kl_fault(why, KL_E_IO,
		"writing to the disk of %.300s failed: nothing is kept until it works again",
		node->home.path);
	kl_fault_hint(why, "look at the disk and the system's log; the daemon tries again by "
			   "itself; nothing that was confirmed is lost");
}

bool kl_disk_trouble(const struct kl_node *node, struct kl_fault *ret_why)
{
	switch (node->disk.state) {
	case KL_DISK_FINE:
		return false;
	case KL_DISK_FULL:
		full_words(node, ret_why);
		break;
	case KL_DISK_AT_LIMIT:
		limit_words(node, ret_why);
		break;
	case KL_DISK_FAILING:
		failing_words(node, ret_why);
		break;
	}
	return true;
}

/* ---- begin and end ------------------------------------------------------------------------- */

static void look(struct kl_node *node);

static void on_timer(uv_timer_t *timer)
{
	look(timer->data);
}

static void wait_on(struct kl_disk *disk)
{
	if (!uv_is_closing((uv_handle_t *)&disk->timer))
		uv_timer_start(&disk->timer, on_timer, disk->wait_ms, 0);
}

/* Called inside of a commit, too: nothing here may write to the database or step a machine. */
static void begin(struct kl_node *node, enum kl_disk_state state)
{
	struct kl_disk *disk = &node->disk;
	uint64_t now = kl_node_now(node);
	struct kl_fault why = {0};
	bool again = disk->ended_ms && now - disk->ended_ms < BACK_MS;

	if (disk->state == KL_DISK_FINE)
		disk->wait_ms = again ? 2 * disk->wait_ms : LOOK_MS;
	if (disk->wait_ms > LOOK_SLOWEST_MS)
		disk->wait_ms = LOOK_SLOWEST_MS;
	disk->state = state;
	(void)kl_disk_trouble(node, &why);
	kl_log(KL_LOG_ERROR, "%s; %s", why.message, why.hint);
	kl_store_hold(node->store, &why);
	if (node->network)
		kl_network_hold(node->network, true);
	wait_on(disk);
}

static void end(struct kl_node *node)
{
	static const char *const words[] = {"", "there is room on the disk again",
		"max_store leaves room again", "the database is open again after a failed write"};
	struct kl_disk *disk = &node->disk;

	kl_log(KL_LOG_WARNING, "%s: everything is kept as before", words[disk->state]);
	disk->state = KL_DISK_FINE;
	disk->ended_ms = kl_node_now(node);
	kl_store_hold(node->store, NULL);
	kl_search_arrived(node);
	if (node->network) {
		kl_network_hold(node->network, false);
		kl_network_deliver(node->network);
	}
}

/* ---- looking ------------------------------------------------------------------------------- */

static uint64_t reserve_of(const struct kl_node *node)
{
	return kl_disk_reserve(node->config.max_store);
}

/* Bytes that the map has for what is not urgent. */
static uint64_t map_free(const struct kl_node *node)
{
	uint64_t reserve = reserve_of(node);
	struct kl_store_space space;

	if (kl_store_space(node->store, &space) || space.map_free < reserve)
		return 0;
	return space.map_free - reserve;
}

static enum kl_disk_state judge(struct kl_node *node)
{
	struct kl_disk *disk = &node->disk;

	if (kl_store_is_broken(node->store) && kl_store_reopen(node->store, NULL))
		return KL_DISK_FAILING;
	if (!disk->has_ballast)
		disk->has_ballast = make(node);
	if (!disk->has_ballast)
		return KL_DISK_FULL;
	return map_free(node) < reserve_of(node) ? KL_DISK_AT_LIMIT : KL_DISK_FINE;
}

static void look(struct kl_node *node)
{
	struct kl_disk *disk = &node->disk;
	enum kl_disk_state now;

	if (disk->state == KL_DISK_FINE)
		return;
	now = judge(node);
	if (now == KL_DISK_FINE) {
		end(node);
	} else if (now != disk->state) {
		begin(node, now);
	} else {
		if (now == KL_DISK_FAILING && disk->wait_ms < LOOK_SLOWEST_MS)
			disk->wait_ms *= 2;
		wait_on(disk);
	}
	if (node->network)
		kl_network_deliver(node->network);
}

/* ---- what commits say ---------------------------------------------------------------------- */

/* A batch that is larger than half of what is left, where small ones find room: that one alone is
 * refused. If one that is smaller finds no room, then a quota, or the file's own limit, is reached. */
static bool is_only_big(uint64_t left, uint64_t enough, const struct kl_batch *batch)
{
	return left >= enough && 2 * (uint64_t)kl_batch_bytes(batch) >= left;
}

static bool lacks_disk(struct kl_node *node, const struct kl_batch *batch)
{
	struct kl_disk *disk = &node->disk;
	struct statvfs now;

	if (!kl_batch_is_urgent(batch) && !fstatvfs(node->home.dir, &now) &&
		is_only_big((uint64_t)now.f_bavail * now.f_frsize, disk->ballast, batch))
		return false;
	if (disk->state != KL_DISK_FULL)
		begin(node, KL_DISK_FULL);
	return kl_disk_give_up(node);
}

static bool lacks_map(struct kl_node *node, const struct kl_batch *batch)
{
	if (node->disk.state == KL_DISK_FINE &&
		!is_only_big(map_free(node), reserve_of(node), batch))
		begin(node, KL_DISK_AT_LIMIT);
	return false; /* what is urgent had the reserve already */
}

bool kl_disk_lacks(void *arg, enum kl_lack lack, const struct kl_batch *batch)
{
	struct kl_node *node = arg;

	if (!node->disk.timer.data) /* not started yet: whoever starts it says what is wrong */
		return lack == KL_LACK_DISK && kl_disk_give_up(node);
	switch (lack) {
	case KL_LACK_DISK:
		return lacks_disk(node, batch);
	case KL_LACK_MAP:
		return lacks_map(node, batch);
	case KL_LACK_WRITING:
		if (node->disk.state != KL_DISK_FAILING)
			begin(node, KL_DISK_FAILING);
		break;
	}
	return false;
}

/* ---- life ---------------------------------------------------------------------------------- */

void kl_disk_start(struct kl_node *node)
{
	uv_timer_init(&node->uv, &node->disk.timer);
	node->disk.timer.data = node;
	if (!node->disk.has_ballast)
		begin(node, KL_DISK_FULL);
	else if (map_free(node) < reserve_of(node) / 2)
		begin(node, KL_DISK_AT_LIMIT);
}

void kl_disk_stop(struct kl_node *node)
{
	uv_close((uv_handle_t *)&node->disk.timer, NULL);
}

void kl_disk_reload(struct kl_node *node)
{
	kl_store_limit(node->store, node->config.max_store, reserve_of(node));
	look(node);
}

#include "daemon/marks.h"
#include "core/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	CHECK_BYTES = 8,
	LINE = 11 + 2 * KL_ID_BYTES + 1 + 10 + 1 + 20 + 1 + 2 * KL_ID_BYTES + 1 + 20 + 1, /* .. */
	WHOLE = LINE + 2 * CHECK_BYTES + 1, /* .. check, newline */
};

static const char file_name[] = "highwater", beside[] = "highwater.new";

static void check_of(const char *line, char out[2 * CHECK_BYTES + 1])
{
	struct kl_bytes part = kl_bytes(line, LINE);
	struct kl_id hash;

	kl_hash_of("KL1/highwater", &part, 1, &hash);
	kl_hex(hash.b, CHECK_BYTES, out);
}

static void format(const struct kl_highwater *h, uint64_t place, char out[WHOLE + 1])
{
	char network[KL_ID_HEX_MAX], id[KL_ID_HEX_MAX], check[2 * CHECK_BYTES + 1];

	kl_hex(h->network.b, KL_ID_BYTES, network);
	kl_hex(h->head.id.b, KL_ID_BYTES, id);
	(void)snprintf(out, WHOLE + 1,
		"keeplocal1 %s %010" PRIu32 " %020" PRIu64 " %s %020" PRIu64 " ", network, h->epoch,
		h->head.seq, id, place);
	check_of(out, check);
	(void)snprintf(out + LINE, WHOLE + 1 - LINE, "%s\n", check);
}

static bool parse(const char text[WHOLE + 1], struct kl_highwater *h, uint64_t *place)
{
	const char *at = text + 11;
	char network[KL_ID_HEX_MAX] = "", id[KL_ID_HEX_MAX] = "", again[WHOLE + 1];

	memcpy(network, at, 2 * KL_ID_BYTES);
	at += 2 * KL_ID_BYTES + 1;
	h->epoch = (uint32_t)strtoul(at, NULL, 10);
	h->head.seq = strtoull(at + 11, NULL, 10);
	memcpy(id, at + 11 + 21, 2 * KL_ID_BYTES);
	*place = strtoull(at + 11 + 21 + 2 * KL_ID_BYTES + 1, NULL, 10);
	if (kl_hex_parse(network, h->network.b, KL_ID_BYTES) ||
		kl_hex_parse(id, h->head.id.b, KL_ID_BYTES))
		return false;
	format(h, *place, again);
	return !memcmp(text, again, WHOLE);
}

static uint64_t number_of(int fd)
{
	struct stat st;

	return fstat(fd, &st) ? 0 : (uint64_t)st.st_ino;
}

enum kl_highwater_found kl_highwater_read(const struct kl_home *home, struct kl_highwater *ret)
{
	char text[WHOLE + 1] = "";
	uint64_t place = 0, number = 0;
	ssize_t n = -1;
	int fd = openat(home->dir, file_name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd >= 0) {
		n = pread(fd, text, WHOLE, 0);
		number = number_of(fd);
		close(fd);
	}
	if (n == WHOLE && parse(text, ret, &place))
		return place == number ? KL_HIGHWATER_HERE : KL_HIGHWATER_COPIED;
	*ret = (struct kl_highwater){.epoch = 0};
	return KL_HIGHWATER_NONE;
}

int kl_highwater_write(int fd, const struct kl_highwater *highwater)
{
	char text[WHOLE + 1];
	ssize_t n;

	format(highwater, number_of(fd), text);
	do
		n = pwrite(fd, text, WHOLE, 0);
	while (n < 0 && errno == EINTR);
	if (n == WHOLE)
		return KL_OK;
	return n < 0 && errno != ENOSPC && errno != EDQUOT ? KL_E_IO : KL_E_FULL;
}

int kl_highwater_open(const struct kl_home *home, const struct kl_highwater *highwater, int *ret_fd,
	struct kl_fault *fault)
{
	int rc, fd = openat(home->dir, beside, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
			0600);

	if (fd < 0)
		return kl_fault(fault, errno == ENOSPC || errno == EDQUOT ? KL_E_FULL : KL_E_IO,
			"cannot write %s/%s: %s", home->path, file_name, strerror(errno));
	rc = kl_highwater_write(fd, highwater);
	if (!rc && (fsync(fd) || renameat(home->dir, beside, home->dir, file_name) ||
			   fsync(home->dir)))
		rc = KL_E_IO;
	if (rc) {
		close(fd);
		(void)unlinkat(home->dir, beside, 0);
		return kl_fault(fault, rc, "cannot write %s/%s", home->path, file_name);
	}
	*ret_fd = fd;
	return KL_OK;
}

int kl_highwater_go_on(const struct kl_home *home, const struct kl_highwater *highwater,
	int *ret_fd, struct kl_fault *fault)
{
	int fd = openat(home->dir, file_name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0 || kl_highwater_write(fd, highwater) || fdatasync(fd)) {
		if (fd >= 0)
			close(fd);
		return kl_highwater_open(home, highwater, ret_fd, fault);
	}
	*ret_fd = fd;
	return KL_OK;
}

/* ---- marks --------------------------------------------------------------------------------- */

bool kl_mark_is(const struct kl_home *home, const char *name)
{
	return !faccessat(home->dir, name, F_OK, 0);
}

int kl_mark_put(const struct kl_home *home, const char *name, const char *text)
{
	return kl_home_write(home, name, kl_bytes_str(text), NULL);
}

int kl_mark_take(const struct kl_home *home, const char *name)
{
	if (unlinkat(home->dir, name, 0))
		return errno == ENOENT ? KL_OK : KL_E_IO;
	return fsync(home->dir) ? KL_E_IO : KL_OK;
}

static const char twin_name[] = "twin", choice_name[] = "this-one";
static const char chosen_other[] = "the other\n";

bool kl_mark_twin(const struct kl_home *home, bool *ret_superseded)
{
	uint8_t text[64];
	size_t len = 0;

	*ret_superseded = false;
	if (!kl_mark_is(home, twin_name))
		return false;
	if (!kl_home_read(home, twin_name, text, sizeof text, &len, NULL))
		*ret_superseded = kl_bytes_equal(kl_bytes(text, len), kl_bytes_str(chosen_other));
	return true;
}

int kl_mark_pair(const struct kl_home *home, bool superseded)
{
	return kl_mark_put(home, twin_name, superseded ? chosen_other : "another machine\n");
}

struct kl_choice kl_mark_choice(const struct kl_home *home)
{
	struct kl_choice choice = {.chosen = 0};
	char text[64] = "";
	size_t len = 0;

	if (kl_home_read(home, choice_name, (uint8_t *)text, sizeof text - 1, &len, NULL))
		return choice;
	text[len] = '\0';
	choice.chosen = strtoull(text, NULL, 10);
	choice.go_on = strstr(text, " at once") != NULL;
	return choice;
}

int kl_mark_choose(const struct kl_home *home, struct kl_choice choice, struct kl_fault *fault)
{
	char text[64];

	(void)snprintf(text, sizeof text, "%" PRIu64 "%s\n", choice.chosen,
		choice.go_on ? " at once" : "");
	return kl_home_write(home, choice_name, kl_bytes_str(text), fault);
}

#include "daemon/home.h"
#include "core/harmless.h"
#include "core/hash.h"
#include "protocol/ticket.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sodium.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

/* ---- files --------------------------------------------------------------------------------- */

int kl_home_path(const struct kl_home *home, const char *name, char out[PATH_MAX])
{
	int n = snprintf(out, PATH_MAX, "%s/%s", home->path, name);

	return n > 0 && n < PATH_MAX ? KL_OK : KL_E_RANGE;
}

static int io_fault(
	const struct kl_home *home, const char *name, const char *what, struct kl_fault *fault)
{
	int code = errno == ENOSPC || errno == EDQUOT ? KL_E_FULL : KL_E_IO;

	return kl_fault(
		fault, code, "cannot %s %s/%s: %s", what, home->path, name, strerror(errno));
}

static int write_all(int fd, struct kl_bytes content)
{
	while (content.len) {
		ssize_t n = write(fd, content.data, content.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		content = kl_bytes(content.data + n, content.len - (size_t)n);
	}
	return 0;
}

/* The directory that a file stands in must be synced for its new name to last. */
static int sync_directory(const struct kl_home *home, const char *name)
{
	const char *slash = strchr(name, '/');
	char folder[64];
	int fd, rc;

	if (!slash)
		return fsync(home->dir);
	snprintf(folder, sizeof folder, "%.*s", (int)(slash - name), name);
	fd = openat(home->dir, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	rc = fsync(fd);
	close(fd);
	return rc;
}

int kl_home_write(const struct kl_home *home, const char *name, struct kl_bytes content,
	struct kl_fault *fault)
{
	char beside[PATH_MAX];
	int fd;

	snprintf(beside, sizeof beside, "%.200s.new", name);
	fd = openat(home->dir, beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return io_fault(home, name, "write", fault);
	if (write_all(fd, content) || fsync(fd)) {
		io_fault(home, name, "write", fault);
		close(fd);
		unlinkat(home->dir, beside, 0);
		return fault ? fault->code : KL_E_IO;
	}
	close(fd);
	if (renameat(home->dir, beside, home->dir, name) || sync_directory(home, name))
		return io_fault(home, name, "write", fault);
	return KL_OK;
}

int kl_home_read(const struct kl_home *home, const char *name, uint8_t *out, size_t size,
	size_t *ret_len, struct kl_fault *fault)
{
	int fd = openat(home->dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	size_t used = 0;
	ssize_t n = 0;

	if (fd < 0)
		return errno == ENOENT ? KL_E_NOT_FOUND : io_fault(home, name, "read", fault);
	while (used < size &&
		((n = read(fd, out + used, size - used)) > 0 || (n < 0 && errno == EINTR)))
		used += n > 0 ? (size_t)n : 0;
	if (n < 0) {
		io_fault(home, name, "read", fault);
		close(fd);
		return KL_E_IO;
	}
	close(fd);
	if (used == size)
		return kl_fault(
			fault, KL_E_TOO_BIG, "%s/%s is larger than it can be", home->path, name);
	*ret_len = used;
	return KL_OK;
}

int kl_home_destroy(const struct kl_home *home, const char *name, struct kl_fault *fault)
{
	static const uint8_t zeros[512];
	struct stat st;
	int fd = openat(home->dir, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return errno == ENOENT ? KL_OK : io_fault(home, name, "overwrite", fault);
	if (fstat(fd, &st))
		st.st_size = 0;
	for (off_t left = st.st_size; left > 0; left -= (off_t)sizeof zeros)
		if (write_all(fd, kl_bytes(zeros, left < (off_t)sizeof zeros ? (size_t)left
									     : sizeof zeros)))
			break;
	(void)fsync(fd);
	close(fd);
	if (unlinkat(home->dir, name, 0) || sync_directory(home, name))
		return io_fault(home, name, "remove", fault);
	return KL_OK;
}

int kl_home_keep_ticket(const struct kl_home *home, const char *text, struct kl_fault *fault)
{
	static const char name[] = "ticket";
	struct kl_ticket ticket, kept;
	char held[KL_TICKET_TEXT_MAX + 1], line[KL_TICKET_TEXT_MAX];
	size_t len;
	int rc = kl_ticket_parse(text, &ticket, fault);

	if (rc)
		return rc;
	rc = kl_home_read(home, name, (uint8_t *)held, sizeof held - 1, &len, fault);
	if (rc && rc != KL_E_NOT_FOUND)
		return rc;
	if (!rc) {
		held[len] = '\0';
		if (!kl_ticket_parse(held, &kept, NULL) &&
			!kl_id_equal(&kept.network, &ticket.network)) {
			kl_fault(fault, KL_E_EXISTS, "%s already belongs to another network",
				home->path);
			kl_fault_hint(fault, "a member of two networks keeps two homes");
			return KL_E_EXISTS;
		}
	}
	rc = kl_ticket_format(&ticket, line);
	if (rc)
		return kl_fault(fault, rc, "this ticket cannot be kept");
	return kl_home_write(home, name, kl_bytes_str(line), fault);
}

/* ---- identity ------------------------------------------------------------------------------ */

static void machine_of(const struct kl_identity *identity, struct kl_id *ret_machine)
{
	struct kl_bytes parts[2];
	char text[64];
	ssize_t n = -1;
	int fd = open("/etc/machine-id", O_RDONLY | O_CLOEXEC);

	*ret_machine = (struct kl_id){{0}};
	if (fd >= 0) {
		n = read(fd, text, sizeof text);
		close(fd);
	}
	while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == ' '))
		n--;
	if (n <= 0)
		return;
	parts[0] = kl_bytes(text, (size_t)n);
	parts[1] = kl_id_bytes(&identity->sign.public_key);
	kl_hash_of("KL1/machine", parts, 2, ret_machine);
}

static int identity_write(
	const struct kl_home *home, const struct kl_identity *identity, struct kl_fault *fault)
{
	char sign[KL_ID_HEX_MAX], curve[KL_ID_HEX_MAX], store[KL_ID_HEX_MAX];
	char machine[KL_ID_HEX_MAX], text[1024];
	int n, rc;

	kl_hex(identity->sign.secret, KL_SEED_BYTES, sign);
	kl_hex(identity->curve.secret, KL_SEED_BYTES, curve);
	kl_hex(identity->store_id.b, KL_ID_BYTES, store);
	kl_hex(identity->machine.b, KL_ID_BYTES, machine);
	n = snprintf(text, sizeof text,
		"version = 1\nname = %s\nkind = %s\ngss = %s\nsign = %s\ncurve = %s\nstore = %s\n"
		"machine = %s\n",
		identity->name, kl_member_kind_name(identity->kind), identity->gss, sign, curve,
		store, machine);
	rc = kl_home_write(home, "identity", kl_bytes(text, (size_t)n), fault);
	kl_wipe(text, sizeof text);
	kl_wipe(sign, sizeof sign);
	kl_wipe(curve, sizeof curve);
	return rc;
}

/* ---- the machine --------------------------------------------------------------------------- */

void kl_home_machine(const struct kl_home *home, struct kl_id *ret_machine)
{
	machine_of(&home->identity, ret_machine);
}

int kl_home_renew(struct kl_home *home, struct kl_fault *fault)
{
	randombytes_buf(home->identity.store_id.b, KL_ID_BYTES);
	machine_of(&home->identity, &home->identity.machine);
	return identity_write(home, &home->identity, fault);
}

/* Takes "key = value\n" off the front of `*text`; false if it does not stand there. */
static bool take_line(char **text, const char *key, char *out, size_t size)
{
	size_t n = strlen(key);
	char *end = strchr(*text, '\n');

	if (!end || strncmp(*text, key, n) != 0 || strncmp(*text + n, " = ", 3) != 0)
		return false;
	*end = '\0';
	if (!kl_copy_text(out, size, *text + n + 3))
		return false;
	*text = end + 1;
	return true;
}

static bool take_id(char **text, const char *key, struct kl_id *id)
{
	char hex[KL_ID_HEX_MAX];
	bool ok = take_line(text, key, hex, sizeof hex) && !kl_hex_parse(hex, id->b, KL_ID_BYTES);

	kl_wipe(hex, sizeof hex);
	return ok;
}

static int identity_read(struct kl_home *home, struct kl_fault *fault)
{
	struct kl_identity *i = &home->identity;
	char text[2048], *at = text, version[8], kind[16];
	struct kl_id sign, curve;
	size_t len;
	bool ok;
	int rc = kl_home_read(home, "identity", (uint8_t *)text, sizeof text - 1, &len, fault);

	if (rc == KL_E_NOT_FOUND) {
		kl_fault(fault, KL_E_CONFIG, "%s is no home of keeplocal: it has no identity",
			home->path);
		kl_fault_hint(fault,
			"make one: keeplocal --home %.120s init --name NAME --kind council|anchor",
			home->path);
		return KL_E_CONFIG;
	}
	if (rc)
		return rc;
	text[len] = '\0';
	if (take_line(&at, "version", version, sizeof version) && strcmp(version, "1") != 0) {
		kl_wipe(text, sizeof text);
		return kl_fault(fault, KL_E_VERSION,
			"%s/identity was written by another version of keeplocal", home->path);
	}
	ok = at != text && take_line(&at, "name", i->name, sizeof i->name) &&
	     take_line(&at, "kind", kind, sizeof kind) && !kl_member_kind_parse(kind, &i->kind) &&
	     take_line(&at, "gss", i->gss, sizeof i->gss) && take_id(&at, "sign", &sign) &&
	     take_id(&at, "curve", &curve) && take_id(&at, "store", &i->store_id);
	if (ok && *at) /* homes of before have no such line */
		ok = take_id(&at, "machine", &i->machine) && !*at;
	if (ok) {
		kl_sign_keys_from_seed(sign.b, &i->sign);
		kl_box_keys_from_seed(curve.b, &i->curve);
	}
	kl_wipe(&sign, sizeof sign);
	kl_wipe(&curve, sizeof curve);
	kl_wipe(text, sizeof text);
	if (ok)
		return KL_OK;
	kl_fault(fault, KL_E_DAMAGED, "%s/identity is damaged", home->path);
	kl_fault_hint(fault, "put it back from a backup: it cannot be made again");
	return KL_E_DAMAGED;
}

/* ---- the directory ------------------------------------------------------------------------- */

/* Magic numbers of statfs(2) of file systems whose locks and maps cannot be trusted. */
static bool on_a_network(int dir)
{
	static const unsigned long magics[] = {0x6969 /* NFS */, 0xff534d42 /* CIFS */,
		0xfe534d42 /* SMB2 */, 0x517b /* SMB */, 0x01021997 /* 9p */};
	struct statfs fs;

	if (fstatfs(dir, &fs))
		return false;
	for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
		if ((unsigned long)fs.f_type == magics[i])
			return true;
	return false;
}

static int check_directory(struct kl_home *home, struct kl_fault *fault)
{
	struct stat st;

	if (fstat(home->dir, &st))
		return io_fault(home, ".", "look at", fault);
	if (st.st_uid != geteuid()) {
		kl_fault(fault, KL_E_PERMISSION, "%s belongs to another user (uid %u, you are %u)",
			home->path, (unsigned)st.st_uid, (unsigned)geteuid());
		kl_fault_hint(fault, "run keeplocald as its owner, or: chown -R %u %.150s",
			(unsigned)geteuid(), home->path);
		return KL_E_PERMISSION;
	}
	if (st.st_mode & 077) {
		kl_fault(fault, KL_E_PERMISSION, "%s can be entered by others (mode %03o)",
			home->path, (unsigned)(st.st_mode & 0777));
		kl_fault_hint(fault, "close it: chmod 700 %.200s", home->path);
		return KL_E_PERMISSION;
	}
	if (on_a_network(home->dir)) {
		kl_fault(fault, KL_E_CONFIG, "%s is on a network file system", home->path);
		kl_fault_hint(fault, "choose a directory on a local disk with --home");
		return KL_E_CONFIG;
	}
	return KL_OK;
}

static int open_directory(struct kl_home *home, const char *path, struct kl_fault *fault)
{
	home->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (home->dir < 0) {
		int code = errno == ENOENT ? KL_E_CONFIG : KL_E_PERMISSION;

		kl_fault(fault, code, "cannot open the home %s: %s", path, strerror(errno));
		if (errno == ENOENT)
			kl_fault_hint(fault,
				"make one: keeplocal --home %.120s init --name NAME --kind "
				"council|anchor",
				path);
		return code;
	}
	if (!realpath(path, home->path))
		return kl_fault(
			fault, KL_E_CONFIG, "cannot open the home %s: %s", path, strerror(errno));
	return check_directory(home, fault);
}

int kl_home_open(struct kl_home *home, const char *path, struct kl_fault *fault)
{
	int rc;

	*home = (struct kl_home){.dir = -1, .lock = -1};
	rc = open_directory(home, path, fault);
	if (!rc)
		rc = identity_read(home, fault);
	if (rc)
		kl_home_close(home);
	return rc;
}

static int make_directory(const char *path, struct kl_fault *fault)
{
	char part[PATH_MAX];
	size_t n = strlen(path);

	if (!n || n >= sizeof part)
		return kl_fault(fault, KL_E_CONFIG, "\"%s\" cannot be a home", path);
	memcpy(part, path, n + 1);
	for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(part, 0700);
		*slash = '/';
	}
	if (mkdir(part, 0700) && errno != EEXIST)
		return kl_fault(
			fault, KL_E_IO, "cannot make the directory %s: %s", path, strerror(errno));
	return KL_OK;
}

static int check_identity(const struct kl_identity *identity, struct kl_fault *fault)
{
	if (!identity->name[0])
		return kl_fault(fault, KL_E_USAGE,
			"a name is needed: one line of plain text, at most %d bytes",
			KL_MEMBER_NAME_MAX - 1);
	if (kl_text_refuse_harmful(kl_bytes_str(identity->name), false, "the name", fault)) {
		fault->code = KL_E_USAGE;
		return KL_E_USAGE;
	}
	if (!kl_text_is_plain(kl_bytes_str(identity->gss), false))
		return kl_fault(fault, KL_E_USAGE, "a GSS code looks like E08000032");
	return KL_OK;
}

int kl_home_create(const char *path, const struct kl_identity *identity, struct kl_fault *fault)
{
	struct kl_home home = {.dir = -1, .lock = -1};
	struct kl_identity made = *identity;
	uint8_t seed[KL_SEED_BYTES];
	int rc;

	if ((rc = check_identity(identity, fault)) || (rc = make_directory(path, fault)) ||
		(rc = open_directory(&home, path, fault)))
		goto out;
	if (!faccessat(home.dir, "identity", F_OK, 0)) {
		kl_fault(fault, KL_E_EXISTS, "%s already holds an identity", home.path);
		rc = kl_fault_hint(
			fault, "use it as it is, or choose another directory with --home");
		goto out;
	}
	if ((mkdirat(home.dir, "data", 0700) && errno != EEXIST) ||
		(mkdirat(home.dir, "tally", 0700) && errno != EEXIST)) {
		rc = io_fault(&home, "data", "make", fault);
		goto out;
	}
	randombytes_buf(seed, KL_SEED_BYTES);
	kl_sign_keys_from_seed(seed, &made.sign);
	randombytes_buf(made.curve.secret, KL_SEED_BYTES);
	randombytes_buf(made.store_id.b, KL_ID_BYTES);
	machine_of(&made, &made.machine);
	rc = identity_write(&home, &made, fault);
out:
	kl_wipe(seed, sizeof seed);
	kl_wipe(&made, sizeof made);
	kl_home_close(&home);
	return rc;
}

static void sweep_tallies(const struct kl_home *home)
{
	int fd = openat(home->dir, "tally", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((entry = readdir(dir))) {
		char name[PATH_MAX];
		size_t len = strlen(entry->d_name);

		if (len < 8 || strcmp(entry->d_name + len - 8, ".key.new") != 0)
			continue;
		snprintf(name, sizeof name, "tally/%s", entry->d_name);
		(void)kl_home_destroy(home, name, NULL);
	}
	closedir(dir);
}

/* Keys may stand in what was not finished, so it is overwritten. Should that fail, the next start
 * tries again. */
static void sweep(const struct kl_home *home)
{
	static const char *const names[] = {"identity.new", "ticket.new", "endpoints.new",
		"running.new", "highwater.new", "restored.new", "twin.new", "this-one.new"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		(void)kl_home_destroy(home, names[i], NULL);
	sweep_tallies(home);
}

int kl_home_lock(struct kl_home *home, struct kl_fault *fault)
{
	home->lock = openat(home->dir, "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (home->lock < 0)
		return io_fault(home, "lock", "open", fault);
	if (!flock(home->lock, LOCK_EX | LOCK_NB)) {
		sweep(home);
		return KL_OK;
	}
	kl_fault(fault, KL_E_BUSY, "another keeplocald serves %s", home->path);
	kl_fault_hint(fault, "stop that one first, or choose another home");
	return KL_E_BUSY;
}

void kl_home_close(struct kl_home *home)
{
	if (!home)
		return;
	if (home->lock >= 0)
		close(home->lock);
	if (home->dir >= 0)
		close(home->dir);
	home->lock = home->dir = -1;
	kl_wipe(&home->identity, sizeof home->identity);
}

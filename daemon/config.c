#include "daemon/config.h"
#include "core/bytes.h"
#include "core/words.h"
#include "daemon/log.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void kl_config_init(struct kl_config *config)
{
	*config = (struct kl_config){
		.beat_ms = 15000,
		.log = KL_LOG_INFO,
		.max_store = UINT64_C(64) << 30,
		.seat = true,
	};
}

int kl_duration_parse(const char *text, uint64_t *ret_ms)
{
	static const struct {
		const char *unit;
		uint64_t ms;
	} units[] = {{"ms", 1}, {"", 1000}, {"s", 1000}, {"m", 60000}, {"h", 3600000},
		{"d", 86400000}, {"w", 604800000}};
	unsigned long long number;
	char *end;

	if (!isdigit((unsigned char)text[0]))
		return KL_E_INVALID;
	number = strtoull(text, &end, 10);
	while (*end == ' ')
		end++;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (strcmp(end, units[i].unit) != 0)
			continue;
		if (number > 520ull * 604800000 / units[i].ms) /* ten years: beyond it, a slip */
			return KL_E_INVALID;
		*ret_ms = number * units[i].ms;
		return KL_OK;
	}
	return KL_E_INVALID;
}

static int size_parse(const char *text, uint64_t *ret_bytes)
{
	static const char units[] = "kmgt";
	unsigned long long number;
	const char *unit;
	char *end;

	if (!isdigit((unsigned char)text[0]))
		return KL_E_INVALID;
	number = strtoull(text, &end, 10);
	if (!*end) {
		*ret_bytes = number;
		return KL_OK;
	}
	unit = strchr(units, tolower((unsigned char)*end));
	if (!unit || (end[1] && strcasecmp(end + 1, "ib") != 0 && strcasecmp(end + 1, "b") != 0))
		return KL_E_INVALID;
	if (number > (UINT64_C(1) << 50) >> (10 * (unit - units + 1)))
		return KL_E_INVALID;
	*ret_bytes = number << (10 * (unit - units + 1));
	return KL_OK;
}

typedef int setter(struct kl_config *c, const char *value);

static int copy(char *out, size_t size, const char *value)
{
	return kl_copy_text(out, size, value) ? KL_OK : KL_E_INVALID;
}

static int endpoint(char out[KL_ENDPOINT_MAX], const char *value)
{
	if (!kl_endpoint_is_valid(value))
		return KL_E_INVALID;
	return copy(out, KL_ENDPOINT_MAX, value);
}

/* To listen on, any port (`:*`) and every address (`*:`) may be meant, too. */
static int set_bind(struct kl_config *c, const char *value)
{
	char plain[KL_ENDPOINT_MAX + 8];
	const char *host = value + 6;
	bool every = !strncmp(value, "tcp://*:", 8), any = false;
	size_t len = strlen(value);

	if (strncmp(value, "tcp://", 6) != 0 || len >= KL_ENDPOINT_MAX)
		return KL_E_INVALID;
	if (len > 2 && !strcmp(value + len - 2, ":*")) {
		any = true;
		len--;
	}
	snprintf(plain, sizeof plain, "tcp://%s%.*s%s", every ? "any" : "", (int)(len - 6 - every),
		host + every, any ? "1" : "");
	return kl_endpoint_is_valid(plain) ? copy(c->bind, sizeof c->bind, value) : KL_E_INVALID;
}

static int set_connect(struct kl_config *c, const char *value)
{
	int rc;

	if (c->connects == KL_CONNECTS_MAX)
		return KL_E_RANGE;
	rc = endpoint(c->connect[c->connects], value);
	if (!rc)
		c->connects++;
	return rc;
}

static int set_advertise(struct kl_config *c, const char *value)
{
	return endpoint(c->advertise, value);
}

static int set_control(struct kl_config *c, const char *value)
{
	return value[0] == '/' ? copy(c->control, sizeof c->control, value) : KL_E_INVALID;
}

static int set_beat(struct kl_config *c, const char *value)
{
	uint64_t ms;

	if (kl_duration_parse(value, &ms) || ms < 50 || ms > 3600000)
		return KL_E_INVALID;
	c->beat_ms = (uint32_t)ms;
	return KL_OK;
}

static int set_log(struct kl_config *c, const char *value)
{
	enum kl_log_level level;
	int rc = kl_log_level_parse(value, &level);

	if (!rc)
		c->log = (int)level;
	return rc;
}

static int set_max_store(struct kl_config *c, const char *value)
{
	uint64_t bytes;

	if (size_parse(value, &bytes) || bytes < (UINT64_C(1) << 20))
		return KL_E_INVALID;
	c->max_store = bytes;
	return KL_OK;
}

static int set_veto(struct kl_config *c, const char *value)
{
	int rc;

	if (c->vetoes == KL_VETOES_MAX)
		return KL_E_RANGE;
	if (!*value)
		return KL_E_INVALID; /* it would refuse nobody, and look as if it did */
	rc = copy(c->veto[c->vetoes], KL_VETO_MAX, value);
	if (!rc)
		c->vetoes++;
	return rc;
}

static int set_consent(struct kl_config *c, const char *value)
{
	if (strcmp(value, "ask") != 0 && strcmp(value, "always") != 0)
		return KL_E_INVALID;
	c->consent_always = value[1] == 'l';
	return KL_OK;
}

static int set_seat(struct kl_config *c, const char *value)
{
	if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
		return KL_E_INVALID;
	c->seat = value[0] == 'y';
	return KL_OK;
}

static const struct key {
	const char *name, *expected;
	setter *set;
} keys[] = {
	{"bind", "an address such as tcp://0.0.0.0:7700", set_bind},
	{"connect", "an address such as tcp://hub.example:7700, eight of them at most",
		set_connect},
	{"advertise", "the address that others reach, such as tcp://hub.example:7700",
		set_advertise},
	{"control", "an absolute path", set_control},
	{"beat", "a time such as 15s, from 50ms to 1h", set_beat},
	{"log", "error, warning, info or debug", set_log},
	{"max_store", "a size such as 4G, 1M at least", set_max_store},
	{"veto", "the name of a member", set_veto},
	{"consent", "ask or always", set_consent},
	{"seat", "yes or no", set_seat},
};

static const char *key_name(const void *context, size_t index, size_t which)
{
	(void)context;
	return which ? NULL : keys[index].name;
}

int kl_config_set(
	struct kl_config *config, const char *key, const char *value, struct kl_fault *fault)
{
	const size_t n = sizeof keys / sizeof *keys;
	const struct kl_words words = {n, key_name, NULL};
	size_t nearest[KL_WORDS_NEAREST_MAX];

	for (size_t i = 0; i < n; i++) {
		if (strcmp(key, keys[i].name) != 0)
			continue;
		if (!keys[i].set(config, value))
			return KL_OK;
		return kl_fault(fault, KL_E_CONFIG, "%s: expected %s, found \"%s\"", key,
			keys[i].expected, value);
	}
	kl_fault(fault, KL_E_CONFIG, "\"%s\" is no setting of keeplocald", key);
	if (kl_words_nearest(&words, key, nearest))
		kl_fault_hint(fault, "did you mean \"%s\"?", keys[nearest[0]].name);
	return KL_E_CONFIG;
}

static char *trim(char *text)
{
	char *end;

	while (isspace((unsigned char)*text))
		text++;
	end = text + strlen(text);
	while (end > text && isspace((unsigned char)end[-1]))
		end--;
	*end = '\0';
	return text;
}

static int read_line(struct kl_config *config, char *line, struct kl_fault *fault)
{
	char *text = trim(line), *equals;

	if (!*text || *text == '#')
		return KL_OK;
	equals = strchr(text, '=');
	if (!equals)
		return kl_fault(fault, KL_E_CONFIG, "expected key = value, found \"%s\"", text);
	*equals = '\0';
	return kl_config_set(config, trim(text), trim(equals + 1), fault);
}

int kl_config_read(struct kl_config *config, const char *path, struct kl_fault *fault)
{
	FILE *file = fopen(path, "re");
	char line[1024];
	int rc = KL_OK;

	if (!file && (errno == ENOENT || errno == ENOTDIR)) /* a home that is none is told later */
		return KL_OK;
	if (!file)
		return kl_fault(fault, KL_E_CONFIG, "cannot read %s: %s", path, strerror(errno));
	for (unsigned number = 1; !rc && fgets(line, sizeof line, file); number++) {
		if (number > KL_CONFIG_LINES_MAX || (!strchr(line, '\n') && !feof(file)))
			rc = kl_fault(fault, KL_E_CONFIG, "longer than a configuration can be");
		else
			rc = read_line(config, line, fault);
		if (rc)
			kl_fault_at(fault, "%s, line %u", path, number);
	}
	if (!rc && ferror(file))
		rc = kl_fault(fault, KL_E_CONFIG, "cannot read %s", path);
	fclose(file);
	return rc;
}

/* Configuration: `key = value` lines of keeplocald.conf, and the flags of the same names, which win.
 *
 * An unknown key is an error that names the line and the nearest key: a setting that is silently
 * ignored is worse than a daemon that does not start. */
#ifndef KL_DAEMON_CONFIG_H
#define KL_DAEMON_CONFIG_H

#include "core/error.h"
#include "protocol/ticket.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	KL_CONNECTS_MAX = 8, /* upstreams that a daemon dials */
	KL_VETOES_MAX = 64,
	KL_VETO_MAX = 128,
	KL_CONTROL_PATH_MAX = 4096,
	KL_CONFIG_LINES_MAX = 1000,
};

struct kl_config {
	char bind[KL_ENDPOINT_MAX]; /* empty: outgoing connections only */
	char connect[KL_CONNECTS_MAX][KL_ENDPOINT_MAX];
	size_t connects;
	char advertise[KL_ENDPOINT_MAX];   /* what others shall dial, if it differs from `bind` */
	char control[KL_CONTROL_PATH_MAX]; /* path of the command socket; empty: HOME/control */
	uint32_t beat_ms;                  /* heartbeat of links; default 15 s */
	int log;                           /* enum kl_log_level */
	uint64_t max_store;                /* bytes that the database may grow to; default 64 GiB */
	char veto[KL_VETOES_MAX][KL_VETO_MAX]; /* members whose seat this member refuses */
	size_t vetoes;
	bool consent_always; /* contribute without asking; default: ask */
	bool seat;           /* offer to sit on committees; default yes */
};

/* The defaults above. */
void kl_config_init(struct kl_config *config);

/* Sets one key as the file or a flag gives it. KL_E_CONFIG with a fault that says what is expected;
 * lists (connect, veto) grow by each call. */
int kl_config_set(
	struct kl_config *config, const char *key, const char *value, struct kl_fault *fault);

/* Reads a file; a missing file is no error. Faults name the file and the line. */
int kl_config_read(struct kl_config *config, const char *path, struct kl_fault *fault);

/* "30s", "5m", "2h", "3d", "1w", "250ms"; a bare number is seconds. KL_E_INVALID otherwise. */
int kl_duration_parse(const char *text, uint64_t *ret_ms);

#endif

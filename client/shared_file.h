/* The file in which one member passes an assessment on to others: JSON that people can read. What
 * is in it protocol/doc_shared.h says; whether it is what its author wrote, the daemon tells. */
#ifndef KL_CLIENT_SHARED_FILE_H
#define KL_CLIENT_SHARED_FILE_H

#include "core/error.h"
#include "protocol/wire.h"

enum { KL_SHARED_FILE_MAX = 1024 * 1024 }; /* bytes of one file */

/* Writes the map into a new file that only its owner can read, whole or not at all: see
 * client/new_file.h. */
int kl_shared_file_write(const char *path, const struct kl_value *map, struct kl_fault *fault);

/* KL_E_IO, with what to do, if there is something at that path: to be asked before people are. */
int kl_shared_file_free(const char *path, struct kl_fault *fault);

/* Reads a file as the msgpack of the same. KL_E_NOT_FOUND, KL_E_IO, KL_E_TOO_BIG; KL_E_MALFORMED, with
 * the line, for what is no such file. Faults name the file. */
int kl_shared_file_read(const char *path, struct kl_writer *w, struct kl_fault *fault);

#endif

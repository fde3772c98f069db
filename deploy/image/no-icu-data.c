/* ICU's data with nothing in it.
 *
 * Debian's libxml2 is linked with ICU and so brings 31 MB of its tables. Baton reads XML, and the C library converts
 * what is not UTF-8 or UTF-16 (its gconv modules are in the image): so ICU is never asked for a table. This has the form
 * of a package of data with no entries, as ICU's own build makes one to link its tools. */
#include <stdint.h>

#define JOIN(a, b, c) a##b##c
#define ENTRY_POINT(version) JOIN(icudt, version, _dat)

__attribute__((aligned(16), visibility("default"))) const struct {
    uint16_t header_size;
    uint8_t magic[2];
    uint16_t info_size, reserved;
    uint8_t is_big_endian, charset_family, character_size, reserved_too;
    uint8_t format[4], format_version[4], data_version[4];
    char padding[8];
    uint32_t entries, first_entry[5];
} ENTRY_POINT(ICU_VERSION) = {32, {0xda, 0x27}, 20, 0, 0, 0, 2, 0, {'T', 'o', 'C', 'P'}, {1}, {0}, {0}, 0, {0}};

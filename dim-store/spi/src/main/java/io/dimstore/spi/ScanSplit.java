// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

/**
 * A part of a scan and the position in it, as one line of text that can be stored in a checkpoint
 * and continued by another process with the same table spec. It begins with the store's id and a
 * format version ({@code memory/1/…}). A store refuses a split that it did not write with INVALID.
 *
 * @param token the text; only the store that wrote it interprets it
 */
public record ScanSplit(String token) {}

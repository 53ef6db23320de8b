package io.dimstore.spi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some entries of a split.
 *
 * @param changes rows as {@link Put}s and, where asked for, tombstones as {@link Delete}s
 * @param remaining where to go on, or null at the end of the split
 */
public record ScanPage(List<Change> changes, @Nullable ScanSplit remaining) {}

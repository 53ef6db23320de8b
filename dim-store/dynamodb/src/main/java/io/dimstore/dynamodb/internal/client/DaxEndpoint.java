// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.client;

import io.dimstore.dynamodb.internal.options.DynamoDbOptions;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the option that names a DAX cluster, and checks that the optional DAX library is present.
 */
final class DaxEndpoint {

  private static final String LIBRARY = "software.amazon.dax.ClusterDaxAsyncClient";
  private static final String LOGGING = "org.apache.commons.logging.LogFactory";
  private static final String CODEC = "org.apache.commons.codec.binary.Hex";

  private DaxEndpoint() {}

  /**
   * Returns the URL of the cluster, or null without the option.
   *
   * @throws StoreException INVALID if the text is not a URL of a DAX cluster, if another option
   *     excludes it, or if the class path lacks a library that the DAX client needs
   */
  static @Nullable String url(StoreConfig config) {
    String url = config.find(DynamoDbOptions.DAX_ENDPOINT);
    if (url == null) {
      return null;
    }
    if (config.get(DynamoDbOptions.CONSISTENT_READS)) {
      throw StoreException.invalid(
          "Options 'dax.endpoint' and 'consistent-reads' = 'true' exclude each other: DAX answers"
              + " from its cache. Set 'consistent-reads' = 'false', or remove 'dax.endpoint'.");
    }
    requireUrl(url);
    require(LIBRARY, "software.amazon.dax:amazon-dax-client:2.0.10");
    require(LOGGING, "commons-logging:commons-logging, which the DAX client logs with");
    require(CODEC, "commons-codec:commons-codec, which the DAX client signs with");
    return url;
  }

  private static void requireUrl(String url) {
    try {
      URI uri = new URI(url);
      boolean isScheme = "dax".equals(uri.getScheme()) || "daxs".equals(uri.getScheme());
      if (isScheme && uri.getHost() != null && uri.getUserInfo() == null) {
        return;
      }
    } catch (URISyntaxException e) {
      // Refused below, like every other text that is not such a URL.
    }
    throw StoreException.invalid(
        "Option 'dax.endpoint': '"
            + url.replaceFirst("//.*@", "//***@")
            + "' is not a URL such as daxs://my-cluster.abc.dax-clusters.us-east-1.amazonaws.com.");
  }

  private static void require(String className, String artifact) {
    try {
      Class.forName(className, false, DynamoDbOptions.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw StoreException.invalid(
          "Option 'dax.endpoint' needs " + artifact + ": add it to the class path.");
    }
  }
}

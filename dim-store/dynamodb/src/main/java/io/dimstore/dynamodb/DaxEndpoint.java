package io.dimstore.dynamodb;

import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/** Where a DAX cluster is, as the options say, and whether it can be asked from here. */
final class DaxEndpoint {

  private static final String LIBRARY = "software.amazon.dax.ClusterDaxAsyncClient";
  private static final String LOGGING = "org.apache.commons.logging.LogFactory";
  private static final String CODEC = "org.apache.commons.codec.binary.Hex";

  private DaxEndpoint() {}

  /**
   * The URL of the cluster, or null where none is asked.
   *
   * @throws StoreException INVALID where it is none, or what it needs is not there
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
      // Refused below, like every text that is no such URL.
    }
    throw StoreException.invalid(
        "Option 'dax.endpoint': '"
            + url.replaceFirst("//.*@", "//***@")
            + "' is no URL such as daxs://my-cluster.abc.dax-clusters.us-east-1.amazonaws.com.");
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

// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.client;

import io.dimstore.dynamodb.internal.options.DynamoDbOptions;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreOption;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/** Reads the options that say where the service is. */
final class EndpointOptions {

  private EndpointOptions() {}

  static Region region(StoreConfig config) {
    String name = config.find(DynamoDbOptions.REGION);
    if (name != null) {
      return Region.of(name);
    }
    if (config.find(DynamoDbOptions.ENDPOINT) != null) {
      return Region.US_EAST_1;
    }
    DefaultAwsRegionProviderChain.Builder chain = DefaultAwsRegionProviderChain.builder();
    String profile = config.find(DynamoDbOptions.PROFILE);
    if (profile != null) {
      chain.profileName(profile);
    }
    ProfileFile file = profileFile(config);
    if (file != null) {
      chain.profileFile(() -> file);
    }
    try {
      return chain.build().getRegion();
    } catch (SdkClientException e) {
      throw StoreException.invalid(
          "Option 'region' is missing, and neither the environment nor a profile names a region.");
    }
  }

  /**
   * Returns the profile file that option {@code profile-file} names, or null without the option.
   */
  static @Nullable ProfileFile profileFile(StoreConfig config) {
    String name = config.find(DynamoDbOptions.PROFILE_FILE);
    if (name == null) {
      return null;
    }
    Path path = Path.of(name);
    if (!Files.isReadable(path)) {
      throw StoreException.invalid("Option 'profile-file': '" + name + "' cannot be read.");
    }
    return ProfileFile.builder().content(path).type(ProfileFile.Type.CREDENTIALS).build();
  }

  /**
   * Returns the URL that an option holds, or null without the option; fails INVALID for any other
   * text.
   */
  static @Nullable URI url(StoreConfig config, StoreOption<String> option) {
    String text = config.find(option);
    if (text == null) {
      return null;
    }
    try {
      URI uri = new URI(text);
      if (uri.getHost() != null
          && uri.getUserInfo() == null
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Refused below, like every other text that is not such a URL.
    }
    // The text before an @ may be a password.
    throw StoreException.invalid(
        "Option '"
            + option.name()
            + "': '"
            + text.replaceFirst("//.*@", "//***@")
            + "' is not a URL such as http://127.0.0.1:8000.");
  }
}

package io.dimstore.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

class FailuresTest {

  @ParameterizedTest
  @CsvSource({
    "400,AccessDeniedException,DENIED",
    "400,UnrecognizedClientException,DENIED",
    "400,ExpiredTokenException,DENIED",
    "400,InvalidSignatureException,DENIED",
    "403,Forbidden,DENIED",
    "400,ProvisionedThroughputExceededException,THROTTLED",
    "400,ThrottlingException,THROTTLED",
    "400,RequestLimitExceeded,THROTTLED",
    "400,TransactionConflictException,THROTTLED",
    "429,Whatever,THROTTLED",
    "500,InternalServerError,UNAVAILABLE",
    "503,ServiceUnavailable,UNAVAILABLE",
    "400,ResourceInUseException,UNAVAILABLE",
    "400,ValidationException,INVALID",
    "400,ItemCollectionSizeLimitExceededException,INVALID"
  })
  void theServicesErrorsHaveTheirKinds(int status, String code, Kind kind) {
    Throwable failure =
        DynamoDbException.builder()
            .statusCode(status)
            .awsErrorDetails(
                AwsErrorDetails.builder().errorCode(code).errorMessage("because").build())
            .build();
    StoreException mapped = Failures.of(new CompletionException(failure), "t");
    assertThat(mapped.kind()).isEqualTo(kind);
    assertThat(mapped).hasMessageContaining("table t").hasMessageContaining(code + ": because");
  }

  @Test
  void aMissingTableIsNoTable() {
    assertThat(Failures.of(ResourceNotFoundException.builder().build(), "t").kind())
        .isEqualTo(Kind.NO_TABLE);
  }

  @Test
  void whatFailsOnTheWayHasItsKind() {
    assertThat(Failures.of(ApiCallTimeoutException.create(5), "t").kind()).isEqualTo(Kind.TIMEOUT);
    assertThat(Failures.of(ApiCallAttemptTimeoutException.create(5), "t").kind())
        .isEqualTo(Kind.TIMEOUT);
    Throwable wrapped = SdkClientException.create("cut", ApiCallAttemptTimeoutException.create(5));
    assertThat(Failures.of(wrapped, "t").kind()).isEqualTo(Kind.TIMEOUT);
    assertThat(
            Failures.of(SdkClientException.create("reset", new IOException("reset")), "t").kind())
        .isEqualTo(Kind.UNAVAILABLE);
    StoreException denied =
        Failures.of(
            SdkClientException.create("Unable to load credentials from any of the providers"), "");
    assertThat(denied.kind()).isEqualTo(Kind.DENIED);
    assertThat(denied).hasMessageContaining("'access-key'");
  }

  @Test
  void aStoreExceptionStaysWhatItIs() {
    StoreException known = StoreException.invalid("x");
    assertThat(Failures.of(new CompletionException(known), "t")).isSameAs(known);
  }
}

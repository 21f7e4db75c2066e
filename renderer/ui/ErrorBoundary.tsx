import { Component, type ContextType, type ReactNode } from 'react';
import { Button } from './Button.tsx';
import { ErrorCard } from './ErrorCard.tsx';
import { FaultContext } from './faults.ts';
import { RotateCcw } from './icons.ts';

export interface ErrorBoundaryProps {
  /** What stands inside, as in "Spectrum could not be shown". */
  readonly area: string;
  readonly children: ReactNode;
}

interface State {
  readonly error: { readonly thrown: unknown } | null;
}

/** Keeps a fault of one part from taking the window with it. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, State> {
  static override contextType = FaultContext;
  declare context: ContextType<typeof FaultContext>;
  override state: State = { error: null };

  static getDerivedStateFromError(thrown: unknown): State {
    return { error: { thrown } };
  }

  override componentDidCatch(thrown: unknown): void {
    this.context(this.props.area, thrown);
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    const again = () => {
      this.setState({ error: null });
    };
    return (
      <div className="errplace">
        <ErrorCard
          title={`${this.props.area} could not be shown`}
          message={error.thrown instanceof Error ? error.thrown.message : String(error.thrown)}
          remedy="This is a fault of Cubelens. The rest of the window goes on working."
          actions={
            <Button variant="outline" icon={RotateCcw} onClick={again}>
              Try again
            </Button>
          }
        />
      </div>
    );
  }
}
